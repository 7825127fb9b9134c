import { Buffer } from "node:buffer";
import type { Problem } from "@view-gateway/types";
import { envoy } from "../gen/envoy.js";
import { LAKE_HEADERS } from "../envoy/s3_headers.ts";
import { LAKE_METADATA, signedPrefix } from "../envoy/names.ts";
import { S3_ERROR_CONTENT_TYPE, s3Error } from "../envoy/s3_error.ts";
import { struct } from "../envoy/values.ts";
import { CHALLENGE, PROBLEM_CONTENT_TYPE } from "../http/problem.ts";
import type { Kept } from "./kept_signatures.ts";
import { speaksS3 } from "./lake_headers.ts";
import type { Signed } from "./signer.ts";

const { OVERWRITE_IF_EXISTS_OR_ADD } = envoy.config.core.v3.HeaderValueOption.HeaderAppendAction;

type Response = envoy.service.ext_proc.v3.IProcessingResponse;
type HttpHeaders = envoy.service.ext_proc.v3.IHttpHeaders;

/** Headers by name, in lower case. Where one occurs more than once, the last counts. */
export function headersOf({ headers }: HttpHeaders): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const { key, value, rawValue } of headers?.headers ?? []) {
    found.set(key ?? "", rawValue?.length ? Buffer.from(rawValue).toString("latin1") : value ?? "");
  }
  return found;
}

/**
 * Sends the request on to S3, signed for a view. Its new path leads it to the route of signed requests.
 * @param kept on what conditions Envoy may use the signature again, for requests of the same method, host and path
 */
export function toLake(
  { target, headers }: Signed,
  view: string,
  sent: ReadonlyMap<string, string>,
  { gateToken, kept }: { readonly gateToken: string; readonly kept: Kept | undefined },
): Response {
  const set = { ":path": signedPrefix(gateToken) + target.slice(1), ...headers };
  const keep = kept && {
    ...kept,
    view,
    key: [":method", ":authority", ":path"].map((name) => sent.get(name) ?? "").join("\n"),
    path: set[":path"],
    authorization: headers["authorization"]!,
    hash: headers["x-amz-content-sha256"]!,
    date: headers["x-amz-date"]!,
    token: headers["x-amz-security-token"]!,
  };
  return {
    requestHeaders: { response: { headerMutation: mutation(set, []), clearRouteCache: true } },
    dynamicMetadata: struct({
      [LAKE_METADATA]: { view, head: sent.get(":method") === "HEAD", s3: speaksS3(sent), ...keep && { keep } },
    }),
  };
}

export interface ImmediatelyOptions {
  readonly retryAfter?: number | undefined;
  readonly allow?: string;
}

/** Answers the client with a problem. */
export function immediately(
  problem: Problem,
  sent: ReadonlyMap<string, string>,
  { retryAfter, allow }: ImmediatelyOptions = {},
): Response {
  const [contentType, body] = speaksS3(sent)
    ? [S3_ERROR_CONTENT_TYPE, s3Error(problem)]
    : [PROBLEM_CONTENT_TYPE, JSON.stringify(problem) + "\n"];
  const set = {
    ...LAKE_HEADERS,
    "content-type": contentType,
    "cache-control": "no-store",
    ...retryAfter !== undefined && { "retry-after": String(retryAfter) },
    ...allow !== undefined && { allow },
    ...problem.status === 401 && CHALLENGE,
  };
  return {
    immediateResponse: {
      status: { code: problem.status as envoy.type.v3.StatusCode },
      headers: mutation(set, []),
      body: new TextEncoder().encode(body),
      details: problem.type.replaceAll(":", "_"),
    },
    dynamicMetadata: struct({ [LAKE_METADATA]: { answered: contentType } }),
  };
}

function mutation(
  set: Readonly<Record<string, string>>,
  removeHeaders: readonly string[],
): envoy.service.ext_proc.v3.IHeaderMutation {
  return {
    setHeaders: Object.entries(set).map(([key, value]) => ({
      header: { key, rawValue: new TextEncoder().encode(value) },
      appendAction: OVERWRITE_IF_EXISTS_OR_ADD,
    })),
    removeHeaders: [...removeHeaders],
  };
}
