import type { LakeBuckets, LakeFolder, LakeListing, LakeQuery } from "@view-gateway/types";
import { ANONYMOUS } from "../access/identity.ts";
import { problem, problemResponse } from "../http/problem.ts";
import { grantedSight, type ListedPlace } from "../view/lake_browsing.ts";
import { scopeOf } from "../view/session_policy.ts";
import { subsetProblems } from "../view/subset_problems.ts";
import type { ApiOptions, LakeListings } from "./api_options.ts";
import type { ApiContext } from "./api_user.ts";
import { permission } from "./permission.ts";

/** Answers `GET /_api/lake`: what lies below a bucket and a prefix, as far as the person's grants allow. */
export async function browseLake(c: ApiContext, options: ApiOptions, query: LakeQuery): Promise<Response> {
  const why = await permission(c, "create", undefined, options);
  if (why instanceof Response) return why;
  if (options.lakeListings === undefined) {
    return problemResponse(problem(404, "no-lake", "This gateway has no lake: LAKE_ROLE_ARN is not set."));
  }
  const place = placeOf(query);
  if (place instanceof Response) return place;
  const { identity: { user, groups }, by } = c.get("user");
  const sight = grantedSight(options.grants(), { user, groups, isKnown: user !== ANONYMOUS.user }, place);
  switch (sight.kind) {
    case "unusable":
      return problemResponse(problem(503, "grants-unusable", `You cannot browse the lake now. ${sight.cause}`));
    case "beyond":
      options.audit({ action: "denied", user, verb: "browse", by, reason: "beyond-grants" });
      return problemResponse(problem(403, "beyond-grants", `Your request ${sight.detail}.`));
    case "granted buckets":
      return c.json({ buckets: [...sight.buckets] } satisfies LakeListing);
    case "way":
      return c.json({ ...place!, prefixes: [...sight.prefixes], objects: [] } satisfies LakeListing);
    case "all buckets":
      return await allBuckets(c, options.lakeListings, query.after);
    case "folder":
      return await folder(c, options.lakeListings, { ...place!, access: sight.access }, query.after);
  }
}

/** The place of a valid query, or the answer where it is none: what can be no subset is no place either. */
function placeOf({ bucket, prefix }: LakeQuery): ListedPlace | undefined | Response {
  if (bucket === undefined) return undefined;
  // The schema has refused all other mistakes.
  if (subsetProblems([{ bucket, prefix }]).length > 0) {
    const detail = "The prefix is too long: credentials for it need a longer session policy than STS accepts.";
    return problemResponse(problem(422, "prefix-too-long", detail));
  }
  return { bucket, prefix: scopeOf({ bucket, prefix }).prefix };
}

async function allBuckets(c: ApiContext, listings: LakeListings, after: string | undefined): Promise<Response> {
  const page = await listings.buckets(c.get("user").identity.user, after, c.req.raw.signal);
  if ("problem" in page) return problemResponse(page.problem, page.retryAfter);
  const buckets = page.buckets.map((bucket) => ({ bucket, access: "readwrite" as const }));
  return c.json({ buckets, ...next(page.after, {}) } satisfies LakeBuckets);
}

async function folder(
  c: ApiContext,
  listings: LakeListings,
  { bucket, prefix, access }: ListedPlace & { readonly access: NonNullable<LakeFolder["access"]> },
  after: string | undefined,
): Promise<Response> {
  const place = { bucket, prefix };
  const page = await listings.folder(c.get("user").identity.user, place, after, c.req.raw.signal);
  if ("problem" in page) return problemResponse(page.problem, page.retryAfter);
  const { prefixes, objects } = page;
  return c.json({ ...place, access, prefixes, objects, ...next(page.after, place) } satisfies LakeFolder);
}

function next(after: string | undefined, place: Partial<ListedPlace>): { readonly next?: string } {
  return after === undefined ? {} : { next: `/_api/lake?${new URLSearchParams({ ...place, after })}` };
}
