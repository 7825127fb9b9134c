/** What users apply: gateway/ with the release's images, each pinned to its digest. */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { textFile, type TreeEntry, treeOf } from "./file_tree.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** What the archive has, and under which path. */
const PARTS: Readonly<Record<string, string>> = {
  "gateway/base": "gateway/base",
  "gateway/components": "gateway/components",
  "gateway/overlays/shards": "gateway/overlays/shards",
  "gateway/views": "gateway/views",
  "example/templates": "templates",
};

/** Tests, and what only the project's own clusters need. */
const LEFT_OUT = /_test\.ts$|\/testing(\/|$)|\/made-for-tests(\/|$)/;

/** The files of the archive, below one directory. @param digests by image, as `REPOSITORY` */
export async function kustomizeTree(
  directory: string,
  digests: ReadonlyMap<string, string>,
): Promise<readonly TreeEntry[]> {
  const trees = await Promise.all(
    Object.entries(PARTS).map(([source, path]) => treeOf(join(root, source), join(directory, path))),
  );
  return trees.flat().filter(({ path }) => !LEFT_OUT.test(path)).map((entry) => {
    if (entry.kind !== "file" || !entry.path.endsWith(".yaml")) return entry;
    return textFile(entry.path, withDigests(new TextDecoder().decode(entry.content), digests));
  });
}

/** A manifest's text with a digest behind the tag of each image that is known. */
export function withDigests(text: string, digests: ReadonlyMap<string, string>): string {
  return text.replace(/^(\s*(?:- )?image: )([^\s@]+):([\w.-]+)$/gm, (line, before, repository, tag) => {
    const digest = digests.get(repository);
    return digest === undefined ? line : `${before}${repository}:${tag}@${digest}`;
  });
}
