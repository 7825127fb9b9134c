import { deepEqual, equal, notDeepEqual } from "node:assert/strict";
import { Ajv } from "ajv";
import { default as addFormats } from "ajv-formats";
import { npmFile } from "../packages/npm_package.ts";
import scripts from "../deno.json" with { type: "json" };
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

/** What CycloneDX' own schema finds wrong. Its library validates too, but with a package that Deno warns of. */
async function mistakesOf(sbom: string): Promise<readonly unknown[]> {
  const version = scripts.imports["@cyclonedx/cyclonedx-library"].replace(/.*@/, "");
  const schema = async (name: string) =>
    JSON.parse(await npmFile("@cyclonedx/cyclonedx-library", version, `res/schema/${name}`));
  const others = ["spdx.SNAPSHOT.schema.json", "jsf-0.82.SNAPSHOT.schema.json"];
  const ajv = new Ajv({ strict: false, formats: { "idn-email": true, "iri-reference": true } });
  for (const name of others) ajv.addSchema(await schema(name), `http://cyclonedx.org/schema/${name}`);
  addFormats.default(ajv);
  ajv.validate(await schema("bom-1.6.SNAPSHOT.schema.json"), JSON.parse(sbom));
  return ajv.errors ?? [];
}

const integrity = `sha512-${btoa("x".repeat(64))}`;

Deno.test("an SBOM is valid CycloneDX, names each component with its version, licence and purl, and is the same each time", async () => {
  const components: SoftwareComponent[] = [
    npmComponent("@grpc/grpc-js", "1.14.7", "Apache-2.0", integrity),
    npmComponent("old", "0.1.0", "SEE LICENSE IN COPYING", integrity),
    npmComponent("either", "2.0.0", "(MIT OR Apache-2.0)", integrity),
  ];
  const text = sbomOf(subject, components);
  equal(sbomOf(subject, components.toReversed()), text);
  deepEqual(await mistakesOf(text), []);
  notDeepEqual(await mistakesOf(text.replace("SHA-512", "SHA-1024")), []);
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
