import { runCommand } from "../../process/command.ts";

/** The references of the images in a docker-archive file, in full as containerd names them. */
export async function referencesOf(archive: string, signal?: AbortSignal): Promise<readonly string[]> {
  const manifest = JSON.parse(
    await runCommand("tar", ["--extract", "--to-stdout", "--file", archive, "manifest.json"], { signal }),
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

/** Which of some references a list of them, one a line as `ctr images list --quiet` has it, does not have. */
export function missingFrom(list: string, references: readonly string[]): readonly string[] {
  const there = new Set(list.split("\n").map((line) => line.trim()));
  return references.filter((reference) => !there.has(reference));
}
