import type { Subset } from "@view-gateway/types";
import { LAKE_PREFIX } from "../envoy/names.ts";
import { AMBIGUITIES, isAmbiguous, isAmbiguousPrefix } from "../view/lake_path.ts";
import { directoryOf, type Scope, scopesOf } from "../view/session_policy.ts";

/** A request below `/_lake/`, as it came. */
export interface LakeRequest {
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  readonly hasBody: boolean;
  readonly upgrade: boolean;
}

/** What S3 is asked. */
export interface Read {
  readonly kind: "read";
  readonly method: "GET" | "HEAD";
  readonly bucket: string;
  /** Undefined where keys are listed. */
  readonly key: string | undefined;
  /** Encoded, as it is sent and signed. */
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
 * Parameters that SDKs add by themselves, with the value that changes nothing in the answer; S3 is asked without them.
 * AWS' SDKs for JavaScript, Go and Rust name the operation in `x-id`, and Hadoop's S3A says that it wants no owners.
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
 * What a request for `/_lake/BUCKET/KEY` reads, if that is within the subsets. The path is decoded once, what could mean
 * another key to somebody else is refused, and what is sent is encoded anew from what was looked at.
 */
export function lakeRequest(
  { method, target, hasBody, upgrade }: LakeRequest,
  subsets: readonly Subset[],
): Read | Refused {
  if (method !== "GET" && method !== "HEAD") return refused(405, `${method} is not possible here. Use GET or HEAD.`);
  if (hasBody || upgrade) return refused(400, "A request for the lake has no body and is not upgraded.");
  if (!target.startsWith(LAKE_PREFIX)) return refused(404, `The lake is below ${LAKE_PREFIX}.`);
  // A fragment never comes over HTTP, and all that is not visible ASCII has to be escaped.
  if (!/^[!"$-~]*$/.test(target)) return refused(400, "The path has characters that must be escaped.");
  const [rawPath = "", ...rest] = target.slice(LAKE_PREFIX.length).split("?");
  const path = decoded(rawPath);
  const query = rest.length === 0 ? new Map<string, string>() : parameters(rest.join("?"));
  if (path === undefined || query === undefined) return refused(400, "The path or the query has malformed escapes.");
  // The bucket ends at a slash that was sent as one.
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
  if (parameter !== undefined) return refused(403, `An object is read without the parameter ${shown(parameter)}.`);
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
    return refused(403, "Of a bucket only keys can be had: GET with list-type=2 and a prefix.");
  }
  for (const parameter of query.keys()) {
    if (!LIST_KEYS.has(parameter)) {
      return refused(403, `Keys are listed without the parameter ${shown(parameter)}.`);
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

function parameters(text: string): ReadonlyMap<string, string> | undefined {
  const found = new Map<string, string>();
  for (const part of text.split("&")) {
    if (part === "") continue;
    const at = part.includes("=") ? part.indexOf("=") : part.length;
    // S3 and browsers take a plus in a query as a space.
    const [name, value] = [part.slice(0, at), part.slice(at + 1)].map((raw) => decoded(raw.replaceAll("+", "%20")));
    if (name === undefined || value === undefined || found.has(name)) return undefined;
    found.set(name, value);
  }
  return found;
}

/** Undefined where an escape is malformed, or does not make UTF-8. */
function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** As SigV4 has it: all but unreserved characters. */
export function encoded(text: string): string {
  return encodeURIComponent(text).replaceAll(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}

function refused(status: Refused["status"], detail: string): Refused {
  return { kind: "refused", type: "lake-refused", status, detail };
}

function shown(parameter: string): string {
  return encoded(parameter.slice(0, 40));
}
