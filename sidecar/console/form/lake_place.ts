import type { Subset } from "@view-gateway/types";

/** A bucket, or a folder in it. */
export interface LakePlace {
  readonly bucket: string;
  /** Empty, or with `/` at its end. */
  readonly prefix: string;
}

/** The place for people: `lake/sales/2024/`. */
export function placeText({ bucket, prefix }: LakePlace): string {
  return `${bucket}/${prefix}`;
}

/** The bucket and the prefix in a text such as `s3://lake/sales/2024/`; undefined where it has only a bucket's name. */
export function placeIn(text: string): LakePlace | undefined {
  const [, scheme, bucket = "", prefix] = /^(s3:\/\/)?([^/]*)(?:\/(.*))?$/i.exec(text.trim()) ?? [];
  if (scheme === undefined && prefix === undefined) return undefined;
  return { bucket, prefix: prefix ?? "" };
}

/** The place that a person has typed: a bucket and a prefix, or both in the bucket's field. */
export function typedPlace({ bucket, prefix }: LakePlace): LakePlace {
  const place = placeIn(bucket) ?? { bucket: bucket.trim(), prefix };
  return { bucket: place.bucket, prefix: wholePrefix((place.prefix || prefix).trim()) };
}

/** A prefix ends in `/`: the API adds it. */
export function wholePrefix(prefix: string): string {
  return prefix === "" || prefix.endsWith("/") ? prefix : `${prefix}/`;
}

/** Whether a view with the first subset may do all that the second one allows. */
export function isWithin(part: Subset & LakePlace, whole: Subset & LakePlace): boolean {
  return whole.bucket === part.bucket && part.prefix.startsWith(whole.prefix) &&
    (whole.access === "readwrite" || part.access !== "readwrite");
}
