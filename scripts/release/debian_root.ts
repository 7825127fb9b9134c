/** The root that released images begin from. */
import { join } from "node:path";
import { inputHash } from "../cache/cache.ts";
import { cachedDirectory } from "../cache/cached_directory.ts";
import { requireDigest } from "../cache/file_digest.ts";
import type { Architecture } from "../compile/compile.ts";
import { downloadDebianFiles } from "../packages/debian_files.ts";
import { runCommand } from "../process/command.ts";
import { step } from "../process/step.ts";
import { temporaryDirectory } from "../process/temporary_directory.ts";
import { DEBIAN_PACKAGES, DEBIAN_RELEASE } from "./debian_packages.ts";
import { textFile, type TreeEntry, treeOf } from "./file_tree.ts";

/** Scanners read this and the packages' status to know what an image has: https://github.com/GoogleContainerTools/distroless */
const OS_RELEASE = `PRETTY_NAME="Debian GNU/Linux ${DEBIAN_RELEASE}"
NAME="Debian GNU/Linux"
VERSION_ID="${DEBIAN_RELEASE}"
ID=debian
`;

const PASSWD = `root:x:0:0:root:/root:/sbin/nologin
nobody:x:65534:65534:nobody:/nonexistent:/sbin/nologin
nonroot:x:65532:65532:nonroot:/home/nonroot:/sbin/nologin
`;

const GROUP = "root:x:0:\nnogroup:x:65534:\nnonroot:x:65532:\n";

/** The files of the root: those of the pinned packages, and what distroless adds to them. */
export async function debianRoot(architecture: Architecture, signal?: AbortSignal): Promise<readonly TreeEntry[]> {
  const packages = await packageFiles(architecture, signal);
  await using work = await temporaryDirectory({ prefix: "view-gateway-root-" });
  const status: TreeEntry[] = [];
  for (const { name } of DEBIAN_PACKAGES) {
    const file = join(packages, `${name}.deb`);
    await runCommand("dpkg-deb", ["--extract", file, work.path], { signal });
    status.push(textFile(`var/lib/dpkg/status.d/${name}`, await runCommand("dpkg-deb", ["--field", file], { signal })));
  }
  const names = (await Array.fromAsync(Deno.readDir(work.path), ({ name }) => name)).sort();
  const files = await Promise.all(names.map((name) => treeOf(join(work.path, name), name)));
  return [
    ...files.flat(),
    ...status,
    textFile("etc/os-release", OS_RELEASE),
    textFile("etc/passwd", PASSWD),
    textFile("etc/group", GROUP),
    // Else glibc asks DNS before /etc/hosts.
    textFile("etc/nsswitch.conf", "hosts: files dns\n"),
    { path: "home/nonroot", kind: "directory" },
    { path: "tmp", kind: "directory", mode: 0o1777 },
  ];
}

/** A directory with the pinned packages, each as NAME.deb. */
async function packageFiles(architecture: Architecture, signal?: AbortSignal): Promise<string> {
  const key = await inputHash([JSON.stringify(DEBIAN_PACKAGES)], []);
  return await cachedDirectory(`debian-${architecture}`, key, async (directory) => {
    await using downloads = await temporaryDirectory({ dir: directory });
    const wanted = DEBIAN_PACKAGES.map(({ name, version }) => `${name}=${version}`);
    await step(
      `Downloading Debian packages for ${architecture}`,
      () => downloadDebianFiles(wanted, architecture, downloads.path, signal),
    );
    for await (const { name: file } of Deno.readDir(downloads.path)) {
      const name = file.replace(/_.*/, "");
      const wanted = DEBIAN_PACKAGES.find((one) => one.name === name);
      if (wanted === undefined) continue;
      await requireDigest(join(downloads.path, file), wanted.sha256[architecture]);
      await Deno.rename(join(downloads.path, file), join(directory, `${name}.deb`));
    }
  }, { signal });
}
