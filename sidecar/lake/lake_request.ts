import type { Subset } from "@view-gateway/types";
import { LAKE_PREFIX } from "../envoy/names.ts";
import { AMBIGUITIES, isAmbiguous, isAmbiguousPrefix } from "../view/lake_path.ts";
import { directoryOf, type Scope, scopesOf } from "../view/session_policy.ts";

/** A request below `/_lake/`, as the client sent it. */
export interface LakeRequest {
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  readonly hasBody: boolean;
  readonly upgrade: boolean;
}

/** The request to S3. */
export interface Read {
  readonly kind: "read";
  readonly method: "GET" | "HEAD";
  readonly bucket: string;
  /** Undefined in a listing of keys. */
  readonly key: string | undefined;
  /** Encoded, as it is signed and sent. */
  readonly path: string;
  /** Decoded. */
  readonly query: Readonly<Record<string, string>>;
}

export interface Refused {
  readonly kind: "refused";
  /** Of the problem that the client gets. */
  readonly type: "lake-refused" | "not-in-lake";
  readonly status: 400 | 403 | 404 | 405;
  readonly detail: string;
}

/** Of ListObjectsV2. */
const LIST_KEYS = new Set([
  "list-type",
  "prefix",
  "delimiter",
  "start-after",
  "continuation-token",
  "max-keys",
  "encoding-type",
]);

/**
 * Parameters that SDKs add by themselves, with values that do not change the answer. S3 does not get them. The AWS SDKs for
 * JavaScript, Go and Rust name the operation in `x-id`, and Hadoop's S3A says that it wants no owners.
 */
const REDUNDANT = {
  GetObject: { "x-id": "GetObject" },
  HeadObject: { "x-id": "HeadObject" },
  ListObjectsV2: { "x-id": "ListObjectsV2", "fetch-owner": "false" },
} as const satisfies Record<string, Readonly<Record<string, string>>>;

function withoutRedundant(
  query: ReadonlyMap<string, string>,
  operation: keyof typeof REDUNDANT,
): ReadonlyMap<string, string> {
  const redundant: Readonly<Record<string, string>> = REDUNDANT[operation];
  return new Map([...query].filter(([name, value]) => !Object.hasOwn(redundant, name) || redundant[name] !== value));
}

/**
 * What a request for `/_lake/BUCKET/KEY` reads, if that is within the subsets. The path is decoded once. A path that another
 * program could read as another key is refused. The path to S3 is encoded again from what was checked.
 */
export function lakeRequest(
  { method, target, hasBody, upgrade }: LakeRequest,
  subsets: readonly Subset[],
): Read | Refused {
  if (method !== "GET" && method !== "HEAD") return refused(405, `${method} is not possible here. Use GET or HEAD.`);
  if (hasBody || upgrade) return refused(400, "A request for the lake must have no body and no upgrade.");
  if (!target.startsWith(LAKE_PREFIX)) return refused(404, `The lake is below ${LAKE_PREFIX}.`);
  // A fragment never comes over HTTP, and everything but visible ASCII has to be escaped.
  if (!/^[!"$-~]*$/.test(target)) return refused(400, "The path has characters that must be escaped.");
  const [rawPath = "", ...rest] = target.slice(LAKE_PREFIX.length).split("?");
  const path = decoded(rawPath);
  const query = rest.length === 0 ? new Map<string, string>() : parameters(rest.join("?"));
  if (path === undefined) return refused(400, MALFORMED);
  if (!(query instanceof Map)) return query;
  // The bucket ends at a slash that is not escaped.
  const bucket = rawPath.split("/", 1)[0] ?? "";
  const scopes = scopesOf(subsets).filter((scope) => scope.bucket === bucket);
  if (bucket === "") return refused(404, `Name a bucket: ${LAKE_PREFIX}BUCKET/KEY.`);
  if (scopes.length === 0) return refused(403, "The view has no subset in this bucket.");
  const key = path.slice(bucket.length + 1);
  return key === "" ? list(method, bucket, query, scopes) : read(method, bucket, key, query, scopes);
}

function read(
  method: "GET" | "HEAD",
  bucket: string,
  key: string,
  query: ReadonlyMap<string, string>,
  scopes: readonly Scope[],
): Read | Refused {
  const [parameter] = withoutRedundant(query, method === "GET" ? "GetObject" : "HeadObject").keys();
  if (parameter !== undefined) {
    return refused(403, `A read of an object must not have the parameter ${shown(parameter)}.`);
  }
  if (isAmbiguous(key.split("/"))) return refused(403, AMBIGUOUS);
  if (!scopes.some(({ prefix }) => key.startsWith(prefix))) {
    return scopes.some((scope) => key === directoryOf(scope))
      ? { ...refused(404, "This is a prefix of keys; the view has no object of this name."), type: "not-in-lake" }
      : refused(403, "The object is in no subset of the view.");
  }
  return { kind: "read", method, bucket, key, path: `/${bucket}/${key.split("/").map(encoded).join("/")}`, query: {} };
}

function list(
  method: "GET" | "HEAD",
  bucket: string,
  asked: ReadonlyMap<string, string>,
  scopes: readonly Scope[],
): Read | Refused {
  const query = withoutRedundant(asked, "ListObjectsV2");
  if (method === "HEAD" || query.get("list-type") !== "2") {
    return refused(403, "A bucket only lists its keys: use GET with list-type=2 and a prefix.");
  }
  for (const parameter of query.keys()) {
    if (!LIST_KEYS.has(parameter)) {
      return refused(403, `A listing of keys must not have the parameter ${shown(parameter)}.`);
    }
  }
  const prefix = query.get("prefix") ?? "";
  if (isAmbiguousPrefix(prefix)) return refused(403, AMBIGUOUS);
  if (!scopes.some((scope) => prefix.startsWith(scope.prefix))) {
    return refused(403, "The prefix is in no subset of the view.");
  }
  return { kind: "read", method, bucket, key: undefined, path: `/${bucket}`, query: Object.fromEntries(query) };
}

const AMBIGUOUS = `The key has ${AMBIGUITIES}.`;

const MALFORMED = "The path or the query has malformed escapes.";

function parameters(text: string): Map<string, string> | Refused {
  const found = new Map<string, string>();
  for (const part of text.split("&")) {
    if (part === "") continue;
    const at = part.includes("=") ? part.indexOf("=") : part.length;
    // S3 and browsers read a plus in a query as a space.
    const [name, value] = [part.slice(0, at), part.slice(at + 1)].map((raw) => decoded(raw.replaceAll("+", "%20")));
    if (name === undefined || value === undefined) return refused(400, MALFORMED);
    if (found.has(name)) return refused(400, `The query has the parameter ${shown(name)} more than once.`);
    found.set(name, value);
  }
  return found;
}

/** Undefined where an escape is malformed, or the result is not UTF-8. */
function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** Percent-encodes as SigV4 does: everything but unreserved characters. */
export function encoded(text: string): string {
  return encodeURIComponent(text).replaceAll(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}

function refused(status: Refused["status"], detail: string): Refused {
  return { kind: "refused", type: "lake-refused", status, detail };
}

function shown(parameter: string): string {
  return encoded(parameter.slice(0, 40));
}
