import { join } from "node:path";
import { fileDigest } from "../../cache/file_digest.ts";
import { runCommand } from "../../process/command.ts";
import { PAUSE_IMAGE } from "./node_files.ts";

/** Writes a docker-archive of the image whose only file holds a pod's namespaces, and answers its path. */
export async function pauseImage(binary: string, directory: string): Promise<string> {
  const work = join(directory, "pause-image");
  await Deno.mkdir(work, { recursive: true });
  await Deno.copyFile(binary, join(work, "pause"));
  await runCommand("tar", [
    "--create",
    "--file",
    join(work, "layer.tar"),
    "--directory",
    work,
    "--owner=0",
    "--group=0",
    "pause",
  ]);
  const digest = await fileDigest(join(work, "layer.tar"));
  const config = JSON.stringify({
    architecture: Deno.build.arch === "aarch64" ? "arm64" : "amd64",
    os: "linux",
    config: { Entrypoint: ["/pause"], User: "65535:65535" },
    rootfs: { type: "layers", diff_ids: [`sha256:${digest}`] },
  });
  const manifest = [{ Config: "config.json", RepoTags: [PAUSE_IMAGE], Layers: ["layer.tar"] }];
  await Deno.writeTextFile(join(work, "config.json"), config);
  await Deno.writeTextFile(join(work, "manifest.json"), JSON.stringify(manifest));
  const archive = join(directory, "pause.tar");
  await runCommand("tar", [
    "--create",
    "--file",
    archive,
    "--directory",
    work,
    "manifest.json",
    "config.json",
    "layer.tar",
  ]);
  await Deno.remove(work, { recursive: true });
  return archive;
}
