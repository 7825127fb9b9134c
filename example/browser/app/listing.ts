/** What ListObjectsV2 answers. */

export interface Listed {
  readonly key: string;
  readonly size: number;
}

export interface Listing {
  readonly objects: readonly Listed[];
  /** Where the next part begins, if there is one. */
  readonly next: string | undefined;
}

/** @throws Error with what S3, or the gateway, says instead */
export function parseListing(xml: string): Listing {
  const root = new DOMParser().parseFromString(xml, "application/xml").documentElement;
  const text = (within: Element, tag: string) => within.getElementsByTagName(tag)[0]?.textContent ?? "";
  if (root.localName !== "ListBucketResult") {
    throw new Error(text(root, "Message") || "The lake's list cannot be read.");
  }
  return {
    objects: [...root.getElementsByTagName("Contents")].map((contents) => ({
      key: text(contents, "Key"),
      size: Number(text(contents, "Size")),
    })),
    next: text(root, "NextContinuationToken") || undefined,
  };
}
