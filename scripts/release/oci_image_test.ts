import { deepEqual, equal, notEqual } from "node:assert/strict";
import { gunzipSync } from "node:zlib";
import { join } from "node:path";
import { runCommand } from "../process/command.ts";
import { temporaryDirectory } from "../process/temporary_directory.ts";
import { treeOf } from "./file_tree.ts";
import { blobDigest, layoutOf, ociImage, ociIndex, ociLayer } from "./oci_image.ts";
import { gzipped, tarOf } from "./tar.ts";

const description = { title: "one", version: "1.2.0", revision: "abc", time: 1_800_000_000 };

/** An image of a directory, for both architectures. */
async function imageOf(directory: string) {
  const tar = await tarOf(await treeOf(directory, "app"), description.time);
  const layer = ociLayer(tar, gzipped(tar));
  const images = (["amd64", "arm64"] as const).map((architecture) =>
    ociImage(architecture, [layer], { User: "65532:65532" }, description)
  );
  return { tar, layer, index: ociIndex(images, description) };
}

/** Writes the same files, with another order, time and umask each time. */
async function write(directory: string, names: readonly string[], time: number, mode: number): Promise<void> {
  await Deno.chmod(directory, mode);
  for (const name of names) {
    await Deno.writeTextFile(join(directory, name), `the text of ${name}`);
    await Deno.chmod(join(directory, name), name === "run" ? mode : mode & 0o666);
    await Deno.utime(join(directory, name), time, time);
  }
  await Deno.symlink("run", join(directory, "link"));
}

Deno.test("an image of the same files is equal, wherever, whenever and in which order they are written", async () => {
  await using one = await temporaryDirectory();
  await using other = await temporaryDirectory();
  await write(one.path, ["run", "a", "b"], 1_000_000_000, 0o755);
  await write(other.path, ["b", "a", "run"], 1_500_000_000, 0o700);
  const [first, second] = [await imageOf(one.path), await imageOf(other.path)];
  equal(first.index.index.digest, second.index.index.digest);
  const layout = async ({ index }: typeof first) =>
    blobDigest(await tarOf(layoutOf(index, "example.com/one", "v1"), 0));
  equal(await layout(first), await layout(second));
  await Deno.writeTextFile(join(other.path, "a"), "another text");
  notEqual((await imageOf(other.path)).index.index.digest, first.index.index.digest);
});

Deno.test("a layer has root's files with their modes, and the digest of its tar", async () => {
  await using directory = await temporaryDirectory();
  await write(directory.path, ["run", "a"], 1, 0o755);
  const { tar, layer } = await imageOf(directory.path);
  equal(layer.diffId, blobDigest(gunzipSync(layer.bytes)));
  await Deno.writeFile(join(directory.path, "layer.tar"), tar);
  const list = await runCommand("tar", ["--list", "--verbose", "--numeric-owner", "--file", "layer.tar"], {
    cwd: directory.path,
    env: { TZ: "UTC" },
  });
  deepEqual(list.trimEnd().split("\n").map((line) => line.replace(/ +/g, " ")), [
    "drwxr-xr-x 0/0 0 2027-01-15 08:00 app/",
    "-rw-r--r-- 0/0 13 2027-01-15 08:00 app/a",
    "lrwxrwxrwx 0/0 0 2027-01-15 08:00 app/link -> run",
    "-rwxr-xr-x 0/0 15 2027-01-15 08:00 app/run",
  ]);
});

Deno.test("a layout has each blob under its digest, and names its one index", async () => {
  await using directory = await temporaryDirectory();
  const { index } = await imageOf(directory.path);
  const layout = layoutOf(index, "example.com/one", "v1.2.0");
  const texts = new Map(
    layout.flatMap((entry) => entry.kind === "file" ? [[entry.path, entry.content] as const] : []),
  );
  const read = (path: string) => JSON.parse(new TextDecoder().decode(texts.get(path)));
  const [entry] = read("index.json").manifests;
  equal(entry.annotations["io.containerd.image.name"], "example.com/one:v1.2.0");
  const blobs = [...texts].filter(([path]) => path.startsWith("blobs/"));
  for (const [path, bytes] of blobs) equal(`blobs/${blobDigest(bytes).replace(":", "/")}`, path);
  const platforms = read(`blobs/${entry.digest.replace(":", "/")}`).manifests.map(
    ({ platform, digest, size }: { platform: object; digest: string; size: number }) => {
      equal(texts.get(`blobs/${digest.replace(":", "/")}`)?.length, size);
      return platform;
    },
  );
  deepEqual(platforms, [{ architecture: "amd64", os: "linux" }, { architecture: "arm64", os: "linux" }]);
});
