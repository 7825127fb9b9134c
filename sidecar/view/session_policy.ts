import type { Subset } from "@view-gateway/types";
import { AMBIGUITIES, isAmbiguousPrefix } from "./lake_path.ts";

/** Most characters of an inline session policy that AWS STS accepts. */
export const POLICY_LIMIT = 2048;

/** A session policy, or all reasons why there is none; pointers are into the list of subsets. */
export type SessionPolicy =
  | { readonly policy: string }
  | { readonly problems: readonly { readonly pointer: string; readonly detail: string }[] };

/** A subset as in its policy: the prefix is empty or ends in `/`. */
export interface Scope {
  readonly bucket: string;
  readonly prefix: string;
  readonly write: boolean;
}

/**
 * The IAM session policy that limits a view's credentials to its subsets. Credentials allow what both the role and the policy
 * allow. Without a policy they would allow all of the role, so a view without subsets gets a Deny.
 */
export function sessionPolicy(subsets: readonly Subset[]): SessionPolicy {
  const problems = subsets.flatMap((subset, i) => {
    const detail = inexpressible(subset);
    return detail === undefined ? [] : [{ pointer: `/${i}/prefix`, detail }];
  });
  if (problems.length > 0) return { problems };
  const scopes = scopesOf(subsets);
  const full = document(statements(scopes, directories(scopes)));
  // Clients work without the directories, though less well; a view does not work without its subsets.
  const policy = full.length <= POLICY_LIMIT ? full : document(statements(scopes, []));
  if (policy.length <= POLICY_LIMIT) return { policy };
  const detail = `need a session policy of ${policy.length} characters, and STS accepts ${POLICY_LIMIT}: ` +
    "use fewer subsets, or shorter prefixes";
  return { problems: [{ pointer: "", detail }] };
}

/** The subsets without those that another one covers, sorted, so that equal subsets have an equal policy. */
export function scopesOf(subsets: readonly Subset[]): readonly Scope[] {
  const scopes = subsets.map(scopeOf);
  const covered = (a: Scope, i: number) => scopes.some((b, j) => i !== j && covers(b, a) && (!covers(a, b) || j < i));
  return scopes.filter((scope, i) => !covered(scope, i)).toSorted((a, b) =>
    order(a.bucket, b.bucket) || order(a.prefix, b.prefix) || Number(a.write) - Number(b.write)
  );
}

export function scopeOf({ bucket, prefix = "", access }: Subset): Scope {
  return {
    bucket,
    prefix: prefix === "" || prefix.endsWith("/") ? prefix : prefix + "/",
    write: access === "readwrite",
  };
}

/**
 * The prefix without its slash. Clients that think in directories look for an object of this name before they list, and must
 * learn that there is none. Undefined for a whole bucket.
 */
export function directoryOf({ prefix }: Scope): string | undefined {
  return prefix === "" ? undefined : prefix.slice(0, -1);
}

/** Whether all that `b` allows is among what `a` allows. */
export function covers(a: Scope, b: Scope): boolean {
  return a.bucket === b.bucket && b.prefix.startsWith(a.prefix) && (a.write || !b.write);
}

/** The policy of credentials that list the keys directly below one prefix, and do nothing else. */
export function listingPolicy({ bucket, prefix }: Pick<Scope, "bucket" | "prefix">): string {
  const Condition = { StringEquals: { "s3:prefix": withoutVariables(prefix), "s3:delimiter": "/" } };
  return document([{ ...allow("s3:ListBucket", [arn(bucket)]), Condition }]);
}

/** The policy of credentials that list the names of all buckets, and do nothing else. */
export function bucketsPolicy(): string {
  return document([allow("s3:ListAllMyBuckets", ["*"])]);
}

interface Statement {
  readonly Effect: "Allow" | "Deny";
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?:
    | { readonly StringLike: { readonly "s3:prefix": readonly string[] } }
    | { readonly StringEquals: { readonly "s3:prefix": string; readonly "s3:delimiter": string } };
}

const WRITE = ["s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"];

function document(Statement: readonly Statement[]): string {
  return ascii(JSON.stringify({ Version: "2012-10-17", Statement }));
}

/**
 * The directories of readable scopes. Only a client that may read an object gets 404 for a missing one, and then lists. Without
 * the permission HEAD gets 403, at which clients stop.
 */
function directories(scopes: readonly Scope[]): readonly string[] {
  return readable(scopes).flatMap((scope) => {
    const directory = directoryOf(scope);
    return directory === undefined ? [] : [`${arn(scope.bucket)}/${literal(directory)}`];
  });
}

function statements(scopes: readonly Scope[], directories: readonly string[]): readonly Statement[] {
  if (scopes.length === 0) return [{ Effect: "Deny", Action: "s3:*", Resource: "*" }];
  const buckets = [...new Set(scopes.map(({ bucket }) => bucket))];
  const written = scopes.filter(({ write }) => write);
  return [
    allow("s3:GetObject", [...readable(scopes).map(objects), ...directories]),
    ...written.length > 0 ? [allow(WRITE, written.map(objects))] : [],
    allow("s3:GetBucketLocation", buckets.map(arn)),
    // One statement for each bucket: a prefix of one bucket must not be listable in another.
    ...buckets.map((bucket) => list(bucket, readable(scopes.filter((scope) => scope.bucket === bucket)))),
  ];
}

/** The scopes to read: a writable scope is also readable, and includes the readable ones below it. */
function readable(scopes: readonly Scope[]): readonly Scope[] {
  return scopes.filter((a) => !scopes.some((b) => a !== b && a.bucket === b.bucket && a.prefix.startsWith(b.prefix)));
}

function list(bucket: string, scopes: readonly Scope[]): Statement {
  const all = scopes.some(({ prefix }) => prefix === "");
  const prefixes = scopes.map(({ prefix }) => `${literal(prefix)}*`);
  return {
    ...allow("s3:ListBucket", [arn(bucket)]),
    ...!all && { Condition: { StringLike: { "s3:prefix": prefixes } } },
  };
}

const allow = (Action: Statement["Action"], Resource: Statement["Resource"]): Statement => ({
  Effect: "Allow",
  Action,
  Resource,
});
const arn = (bucket: string) => `arn:aws:s3:::${bucket}`;
const objects = ({ bucket, prefix }: Scope) => `${arn(bucket)}/${literal(prefix)}*`;

/**
 * Escapes a name for a policy, where `*` and `?` are wildcards and `$` begins a variable: an unescaped `*` would widen the
 * scope.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#policy-vars-specialchars
 */
function literal(name: string): string {
  return name.replaceAll(/[*?$]/g, "${$&}");
}

/** Escapes a name where a policy has no wildcards. MinIO does not know the form: there such a name allows nothing. */
function withoutVariables(name: string): string {
  return name.replaceAll("$", "${$}");
}

/** JSON with only those characters that STS accepts in a policy. */
function ascii(json: string): string {
  return json.replaceAll(/[^\u0020-\u007e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

function inexpressible({ prefix = "" }: Subset): string | undefined {
  if (!prefix.isWellFormed()) return "must be well-formed Unicode";
  if (isAmbiguousPrefix(prefix)) return `must not have ${AMBIGUITIES}: some programs change it to another prefix`;
  if (new TextEncoder().encode(prefix).length > KEY_LIMIT) return `must not have more than ${KEY_LIMIT} bytes`;
  return undefined;
}

/** Most bytes of an S3 key in UTF-8. */
const KEY_LIMIT = 1024;

const order = (a: string, b: string) => a < b ? -1 : a > b ? 1 : 0;
