import { deepEqual, equal, match } from "node:assert/strict";
import { VERSION } from "../../sidecar/version.ts";
import { pinProblems, versionProblems } from "./release_version.ts";
import { versionSources } from "./version_sources.ts";

const ready = {
  changelog:
    "# Changelog\n\n## [Unreleased]\n\n## [1.2.0] - 2026-11-28\n\n- A thing.\n\n## [1.1.0] - 2026-01-02\n\n- Another.\n",
  constant: "1.2.0",
  manifests: new Map([["base.yaml", "image: registry.example.com/view-gateway-sidecar:v1.2.0\nimage: other:v3.0.0\n"]]),
};

Deno.test("a version that the changelog, the constant and the manifests have can be released", () => {
  deepEqual(versionProblems("1.2.0", ready), []);
});

Deno.test("what is no semantic version, or none that an image's tag can have, is refused", () => {
  for (const version of ["1.2", "v1.2.0", "1.02.0", "1.2.0-", "1.2.0+build", "latest", ""]) {
    match(versionProblems(version, ready).join(), / is no version: /, version);
  }
  for (const version of ["1.2.0-rc.1", "10.20.30"]) {
    equal(versionProblems(version, ready).join().includes("is no version"), false);
  }
});

Deno.test("all places that name another version are told at once", () => {
  deepEqual(versionProblems("1.3.0", ready), [
    "The newest version in CHANGELOG.md is 1.2.0: add a section for 1.3.0.",
    "VERSION in sidecar/version.ts is 1.2.0: set it to 1.3.0.",
    "base.yaml names images of v1.2.0: name v1.3.0.",
  ]);
});

Deno.test("a version without a date or a text in the changelog is refused", () => {
  const problems = (section: string) => versionProblems("1.2.0", { ...ready, changelog: `# Changelog\n\n${section}` });
  deepEqual(problems("## [1.2.0]\n\n- A thing.\n"), [
    "CHANGELOG.md has no date for 1.2.0: write `## [1.2.0] - YYYY-MM-DD`.",
  ]);
  deepEqual(problems("## [1.2.0] - 2026-11-28\n"), ["CHANGELOG.md says nothing of 1.2.0."]);
});

Deno.test("a digest for an image that no manifest names is refused, as it would pin nothing", async () => {
  const { manifests } = await versionSources();
  const digest = `sha256:${"0".repeat(64)}`;
  deepEqual(pinProblems(undefined, manifests), []);
  deepEqual(pinProblems(`ghcr.io/yolean/envoy@${digest}`, manifests), []);
  match(pinProblems(`docker.io/envoyproxy/envoy@${digest}`, manifests).join(), /^No manifest has an image docker\.io/);
});

Deno.test("this repository is ready to release its version", async () => {
  const sources = await versionSources();
  equal(sources.manifests.has("gateway/base/deployment.yaml") && sources.manifests.has("docs/INSTALL.md"), true);
  deepEqual(versionProblems(VERSION, sources), []);
});
