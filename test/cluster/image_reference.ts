import { run } from "../../scripts/command.ts";

/** The references of the images in a docker-archive file, in full as containerd names them. */
export async function referencesOf(archive: string, signal?: AbortSignal): Promise<readonly string[]> {
  const manifest = JSON.parse(
    await run("tar", ["--extract", "--to-stdout", "--file", archive, "manifest.json"], { signal }),
  );
  return manifest.flatMap(({ RepoTags }: { RepoTags?: string[] }) => RepoTags ?? []).map(fullReference);
}

/** `busybox:1` means `docker.io/library/busybox:1`. */
export function fullReference(reference: string): string {
  const [first, ...rest] = reference.split("/");
  if (rest.length === 0) return `docker.io/library/${reference}`;
  const isHost = /[.:]/.test(first!) || first === "localhost";
  return isHost ? reference : `docker.io/${reference}`;
}
