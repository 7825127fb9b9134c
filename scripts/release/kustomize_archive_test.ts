import { deepEqual, equal } from "node:assert/strict";
import { kustomizeTree, withDigests } from "./kustomize_archive.ts";

const digest = `sha256:${"a".repeat(64)}`;
const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

Deno.test("an image of the release gets its digest behind its tag, others stay", () => {
  const text = `containers:
  - image: registry.example.com/one:v1.2.0
  - name: two
    image: registry.example.com/two:v3
    # image: registry.example.com/one:v1.2.0 is a comment
`;
  equal(
    withDigests(text, new Map([["registry.example.com/one", digest]])),
    text.replace("  - image: registry.example.com/one:v1.2.0", `  - image: registry.example.com/one:v1.2.0@${digest}`),
  );
});

Deno.test("the archive has the base, its components, shards, the views and the templates, and no tests", async () => {
  const tree = await kustomizeTree("view-gateway-1.2.0", new Map());
  const folders = new Set(tree.flatMap(({ path, kind }) => kind === "directory" ? [path] : []));
  const own = ["gateway/base", "gateway/components/admission-policy", "gateway/views/templates", "templates"];
  // docs/SHARDS.md tells to copy a folder of these.
  for (const part of [...own, "gateway/overlays/shards/front", "gateway/overlays/shards/sales/gateway"]) {
    equal(folders.has(`view-gateway-1.2.0/${part}`), true, part);
  }
  deepEqual(tree.filter(({ path }) => /test|\.ts$/.test(path)).map(({ path }) => path), []);
});

Deno.test("each image of the project that the archive names can be pinned", async () => {
  const repositories = ["sidecar", "example", "example-duckdb", "example-browser"].map((name) =>
    `ghcr.io/yolean/view-gateway-${name}`
  );
  const digests = new Map([...repositories, "ghcr.io/yolean/envoy"].map((repository) => [repository, digest]));
  const tree = await kustomizeTree("x", digests);
  const images = tree.flatMap((entry) =>
    entry.kind === "file" ? decode(entry.content).match(/^ *(?:- )?image: .+$/gm) ?? [] : []
  );
  equal(images.length >= 5, true);
  deepEqual(images.filter((image) => !image.endsWith(`@${digest}`)), []);
});
