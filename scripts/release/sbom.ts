/** Writes what is in an image as CycloneDX: https://cyclonedx.org/docs/1.6/json */
import { createHash } from "node:crypto";
import { Contrib, Enums, Models, Serialize, Spec } from "@cyclonedx/cyclonedx-library";
import type { Architecture } from "../compile/compile.ts";
import type { SoftwareComponent } from "./image_components.ts";
import { isoTime } from "./oci_image.ts";

export interface SbomSubject {
  readonly repository: string;
  readonly architecture: Architecture;
  readonly version: string;
  /** Of the image's manifest: `sha256:HEX`. */
  readonly digest: string;
  /** The commit's time, in seconds since 1970. */
  readonly time: number;
}

const licences = new Contrib.License.Factories.LicenseFactory((value: string) => {
  if (!/^\(?[A-Za-z0-9.+-]+( (OR|AND|WITH) [A-Za-z0-9.+-]+)*\)?$/.test(value)) throw new Error("no SPDX expression");
  return undefined as never;
});

/** The text of an SBOM. It names neither a random number nor the time of the build. */
export function sbomOf(subject: SbomSubject, components: readonly SoftwareComponent[]): string {
  const bom = new Models.Bom();
  bom.serialNumber = serialNumber(subject.digest);
  const image = imageComponent(subject);
  bom.metadata.component = image;
  bom.metadata.timestamp = new Date(isoTime(subject.time));
  for (const component of components) {
    const model = modelOf(component);
    bom.components.add(model);
    image.dependencies.add(model.bomRef);
  }
  const serializer = new Serialize.JsonSerializer(new Serialize.JSON.Normalize.Factory(Spec.Spec1dot6));
  return `${serializer.serialize(bom, { sortLists: true, space: 2 })}\n`;
}

function imageComponent({ repository, architecture, version, digest }: SbomSubject): Models.Component {
  const name = repository.replace(/.*\//, "");
  const place = `repository_url=${repository}&arch=${architecture}&tag=v${version}`;
  const purl = `pkg:oci/${name}@${encodeURIComponent(digest)}?${place}`;
  return new Models.Component(Enums.ComponentType.Container, name, { version, purl, bomRef: purl });
}

function modelOf({ kind, name, group, version, purl, licence, hash }: SoftwareComponent): Models.Component {
  const type = kind === "library" ? Enums.ComponentType.Library : Enums.ComponentType.Application;
  const model = new Models.Component(type, name, { ...group && { group }, version, purl, bomRef: purl });
  if (licence !== undefined) model.licenses.add(licences.makeFromString(licence));
  if (hash !== undefined) model.hashes.set(hash.algorithm as Enums.HashAlgorithm, hash.hex);
  return model;
}

/** A UUID that follows from the image: https://www.rfc-editor.org/rfc/rfc9562#name-uuid-version-8 */
function serialNumber(digest: string): string {
  const hex = createHash("sha256").update(`sbom of ${digest}`).digest("hex");
  const parts = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ];
  return `urn:uuid:${parts.join("-")}`;
}
