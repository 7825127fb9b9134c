import { deepEqual, equal } from "node:assert/strict";
import { Spec, Validation } from "@cyclonedx/cyclonedx-library";
import { goModules, type SoftwareComponent } from "./image_components.ts";
import { integrityOf, licenceOf, npmComponent } from "./npm_components.ts";
import { sbomOf } from "./sbom.ts";

const subject = {
  repository: "registry.example.com/team/one",
  architecture: "arm64",
  version: "1.2.0",
  digest: `sha256:${"a".repeat(64)}`,
  time: 1_800_000_000,
} as const;

const integrity = `sha512-${btoa("x".repeat(64))}`;

Deno.test("an SBOM is valid CycloneDX, names each component with its version, licence and purl, and is the same each time", async () => {
  const components: SoftwareComponent[] = [
    npmComponent("@grpc/grpc-js", "1.14.7", "Apache-2.0", integrity),
    npmComponent("old", "0.1.0", "SEE LICENSE IN COPYING", integrity),
    npmComponent("either", "2.0.0", "(MIT OR Apache-2.0)", integrity),
  ];
  const text = sbomOf(subject, components);
  equal(sbomOf(subject, components.toReversed()), text);
  equal(await new Validation.JsonStrictValidator(Spec.Version.v1dot6).validate(text), null);
  const { metadata, components: found } = JSON.parse(text);
  equal(metadata.timestamp, "2027-01-15T08:00:00.000Z");
  equal(
    metadata.component.purl,
    `pkg:oci/one@sha256%3A${"a".repeat(64)}?repository_url=registry.example.com/team/one&arch=arm64&tag=v1.2.0`,
  );
  deepEqual(found.map(({ purl, licenses }: { purl: string; licenses: unknown[] }) => [purl, licenses[0]]), [
    ["pkg:npm/%40grpc/grpc-js@1.14.7", { license: { id: "Apache-2.0" } }],
    ["pkg:npm/either@2.0.0", { expression: "(MIT OR Apache-2.0)" }],
    ["pkg:npm/old@0.1.0", { license: { name: "SEE LICENSE IN COPYING" } }],
  ]);
  equal(found[0].hashes[0].content, "78".repeat(64));
});

Deno.test("licences are read as packages of all times write them", () => {
  equal(licenceOf({ license: "MIT" }), "MIT");
  equal(licenceOf({ license: { type: "BSD" } }), "BSD");
  equal(licenceOf({ licenses: [{ type: "MIT" }, { type: "Apache-2.0" }] }), "MIT OR Apache-2.0");
  equal(licenceOf({}), undefined);
});

Deno.test("a package's integrity is found also where deno.lock adds its peers to its name", () => {
  const locked = { "a@1.0.0_b@2.0.0": { integrity: "one" }, "a@1.0.01": { integrity: "other" } };
  equal(integrityOf("a@1.0.0", locked), "one");
});

Deno.test("Go's modules are read from what Go tells of a binary", () => {
  const text = "page: go1.26.8\n\tpath\texample.com/page\n\tmod\texample.com\t(devel)\t\n" +
    "\tdep\tgithub.com/Some/Module\tv1.8.14\th1:abc=\n\tbuild\tGOARCH=arm64\n";
  deepEqual(goModules(text).map(({ purl }) => purl), [
    "pkg:golang/github.com/some/module@v1.8.14",
    "pkg:golang/stdlib@1.26.8",
  ]);
});
