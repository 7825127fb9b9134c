import type { LakeBuckets, LakeFolder } from "@view-gateway/types";
import { grantedTo, type Grantee, type Grants, refusedInWords } from "./grants.ts";
import { covers, type Scope } from "./session_policy.ts";

/** A prefix of a bucket: empty, or with `/` at its end. */
export type ListedPlace = Pick<Scope, "bucket" | "prefix">;

/** What a person sees of the lake at one place. */
export type GrantedSight =
  /** The buckets that the grants name. */
  | { readonly kind: "granted buckets"; readonly buckets: LakeBuckets["buckets"] }
  | { readonly kind: "all buckets" }
  /** The grants name only prefixes below the place. These lead to them; what else is there stays hidden. */
  | { readonly kind: "way"; readonly prefixes: readonly string[] }
  /** All that S3 lists there. */
  | { readonly kind: "folder"; readonly access: NonNullable<LakeFolder["access"]> }
  | { readonly kind: "beyond"; readonly detail: string }
  | { readonly kind: "unusable"; readonly cause: string };

/** @param place undefined: the lake as a whole */
export function grantedSight(grants: Grants, person: Grantee, place: ListedPlace | undefined): GrantedSight {
  if (grants.kind === "unusable") return grants;
  if (grants.kind === "unbounded") {
    return place === undefined ? { kind: "all buckets" } : { kind: "folder", access: "readwrite" };
  }
  const granted = grantedTo(person, grants.grants);
  return place === undefined ? { kind: "granted buckets", buckets: bucketsOf(granted) } : sightAt(granted, place);
}

function sightAt(granted: readonly Scope[], place: ListedPlace): GrantedSight {
  const read: Scope = { ...place, write: false };
  const covering = granted.filter((scope) => covers(scope, read));
  if (covering.length > 0) return { kind: "folder", access: accessOf(covering) };
  const below = granted.filter(({ bucket, prefix }) => bucket === place.bucket && prefix.startsWith(place.prefix));
  if (below.length === 0) return { kind: "beyond", detail: refusedInWords(granted, read) };
  const { length } = place.prefix;
  return { kind: "way", prefixes: sorted(below.map(({ prefix }) => prefix.slice(0, prefix.indexOf("/", length) + 1))) };
}

function bucketsOf(granted: readonly Scope[]): LakeBuckets["buckets"] {
  const byBucket = Map.groupBy(granted, ({ bucket }) => bucket);
  return sorted(byBucket.keys()).map((bucket) => {
    const scopes = byBucket.get(bucket)!;
    const whole = scopes.some(({ prefix }) => prefix === "");
    return {
      bucket,
      ...!whole && { prefixes: sorted(scopes.map(({ prefix }) => prefix)) },
      access: accessOf(scopes),
    };
  });
}

function accessOf(scopes: readonly Scope[]): "read" | "readwrite" {
  return scopes.some(({ write }) => write) ? "readwrite" : "read";
}

function sorted(names: Iterable<string>): string[] {
  return [...new Set(names)].sort();
}
