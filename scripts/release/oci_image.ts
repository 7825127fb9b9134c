/** Images as the OCI writes them down: https://github.com/opencontainers/image-spec/blob/v1.1.1/spec.md */
import { createHash } from "node:crypto";
import type { Architecture } from "../compile/compile.ts";
import type { RunConfiguration } from "./dockerfile.ts";
import { textFile, type TreeEntry } from "./file_tree.ts";

export interface OciBlob {
  readonly mediaType: string;
  /** `sha256:HEX` */
  readonly digest: string;
  readonly bytes: Uint8Array;
}

export interface OciLayer extends OciBlob {
  /** The digest of the layer's tar, before it is compressed. */
  readonly diffId: string;
}

/** One image for one architecture. */
export interface OciImage {
  readonly architecture: Architecture;
  readonly manifest: OciBlob;
  readonly config: OciBlob;
  readonly layers: readonly OciLayer[];
}

/** The images of all architectures under one digest. */
export interface OciIndex {
  readonly index: OciBlob;
  readonly images: readonly OciImage[];
}

/** What is said of an image. */
export interface ImageDescription {
  readonly title: string;
  readonly version: string;
  /** The commit. */
  readonly revision: string;
  /** The commit's time, in seconds since 1970. */
  readonly time: number;
}

function ociBlob(mediaType: string, bytes: Uint8Array): OciBlob {
  return { mediaType, digest: blobDigest(bytes), bytes };
}

export function blobDigest(bytes: Uint8Array): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}

export function ociLayer(tar: Uint8Array, compressed: Uint8Array): OciLayer {
  return { ...ociBlob("application/vnd.oci.image.layer.v1.tar+gzip", compressed), diffId: blobDigest(tar) };
}

export function ociImage(
  architecture: Architecture,
  layers: readonly OciLayer[],
  configuration: RunConfiguration,
  description: ImageDescription,
): OciImage {
  const created = isoTime(description.time);
  const config = json("application/vnd.oci.image.config.v1+json", {
    created,
    architecture,
    os: "linux",
    config: { ...configuration, Labels: annotationsOf(description) },
    rootfs: { type: "layers", diff_ids: layers.map(({ diffId }) => diffId) },
    history: layers.map(() => ({ created })),
  });
  const manifest = json("application/vnd.oci.image.manifest.v1+json", {
    schemaVersion: 2,
    mediaType: "application/vnd.oci.image.manifest.v1+json",
    config: descriptor(config),
    layers: layers.map(descriptor),
    annotations: annotationsOf(description),
  });
  return { architecture, manifest, config, layers };
}

export function ociIndex(images: readonly OciImage[], description: ImageDescription): OciIndex {
  const index = json("application/vnd.oci.image.index.v1+json", {
    schemaVersion: 2,
    mediaType: "application/vnd.oci.image.index.v1+json",
    manifests: images.map(({ architecture, manifest }) => ({
      ...descriptor(manifest),
      platform: { architecture, os: "linux" },
    })),
    annotations: annotationsOf(description),
  });
  return { index, images };
}

/** An OCI layout that has an index under a name, as the files of an archive. */
export function layoutOf({ index, images }: OciIndex, repository: string, tag: string): readonly TreeEntry[] {
  const blobs = [index, ...images.flatMap(({ manifest, config, layers }) => [manifest, config, ...layers])];
  const named = { "io.containerd.image.name": `${repository}:${tag}`, "org.opencontainers.image.ref.name": tag };
  const entry = {
    schemaVersion: 2,
    mediaType: "application/vnd.oci.image.index.v1+json",
    manifests: [{ ...descriptor(index), annotations: named }],
  };
  return [
    textFile("oci-layout", JSON.stringify({ imageLayoutVersion: "1.0.0" })),
    textFile("index.json", JSON.stringify(entry)),
    ...blobs.map(({ digest, bytes }): TreeEntry => ({
      path: `blobs/${digest.replace(":", "/")}`,
      kind: "file",
      content: bytes,
      executable: false,
    })),
  ];
}

/** https://github.com/opencontainers/image-spec/blob/v1.1.1/annotations.md */
function annotationsOf({ title, version, revision, time }: ImageDescription): Readonly<Record<string, string>> {
  return {
    "org.opencontainers.image.created": isoTime(time),
    "org.opencontainers.image.revision": revision,
    "org.opencontainers.image.title": title,
    "org.opencontainers.image.version": version,
  };
}

/** @param time in seconds since 1970 */
export function isoTime(time: number): string {
  return new Date(time * 1000).toISOString().replace(".000Z", "Z");
}

function descriptor({ mediaType, digest, bytes }: OciBlob) {
  return { mediaType, digest, size: bytes.length };
}

function json(mediaType: string, value: unknown): OciBlob {
  return ociBlob(mediaType, new TextEncoder().encode(JSON.stringify(value)));
}
