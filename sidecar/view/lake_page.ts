import type { LakeBuckets, LakeFolder } from "@view-gateway/types";

/** One page of the names of all buckets, as S3 lists them. */
export interface BucketsPage {
  readonly buckets: readonly LakeBuckets["buckets"][number]["bucket"][];
  /** Where the next page begins; undefined on the last. */
  readonly after: string | undefined;
}

/** One page of what S3 lists directly below a prefix. */
export interface FolderPage {
  readonly prefixes: LakeFolder["prefixes"];
  readonly objects: LakeFolder["objects"];
  /** Where the next page begins; undefined on the last. */
  readonly after: string | undefined;
}
