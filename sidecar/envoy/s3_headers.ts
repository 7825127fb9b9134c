/** The headers that go to S3 and come back from it. */
import { envoy } from "../gen/envoy.js";
import { extension } from "../proto/any.ts";
import { allBut } from "./complement.ts";

const { HeaderMutation } = envoy.extensions.filters.http.header_mutation.v3;

type HttpFilter = envoy.extensions.filters.network.http_connection_manager.v3.IHttpFilter;

/**
 * Headers of every answer from the lake. Its HTML must not run as the view, and no other page, not even another view's,
 * may include what is read here.
 */
export const LAKE_HEADERS: Readonly<Record<string, string>> = {
  "content-security-policy": "default-src 'none'; sandbox",
  "cross-origin-resource-policy": "same-origin",
  "x-content-type-options": "nosniff",
};

/** The headers of a request that S3 gets: no cookie, no `x-amz-*` but those of the sidecar's signature. */
export const SENT: readonly string[] = [
  ...[":authority", ":method", ":path", ":scheme"],
  ...["authorization", "x-amz-content-sha256", "x-amz-date", "x-amz-security-token"],
  ...["accept", "range", "user-agent"],
  ...["if-match", "if-modified-since", "if-none-match", "if-unmodified-since"],
];

/** The headers of S3's answer that a client gets: no CORS, no cookie, nothing about S3 itself. */
export const SHOWN: readonly string[] = [
  ...[":status", "accept-ranges", "cache-control", "content-disposition", "content-encoding", "content-language"],
  ...["content-length", "content-range", "content-type", "date", "etag", "expires", "last-modified"],
  "transfer-encoding",
];

/** The filter at S3's cluster that removes all other headers, from each try of a request and from its answer. */
export function onlyLakeHeaders(): HttpFilter {
  return extension("envoy.filters.http.header_mutation", HeaderMutation, {
    mutations: { requestMutations: [removeAllBut(SENT)], responseMutations: [removeAllBut(SHOWN)] },
  });
}

function removeAllBut(names: readonly string[]): envoy.config.common.mutation_rules.v3.IHeaderMutation {
  return { removeOnMatch: { keyMatcher: { safeRegex: { regex: allBut(names) } } } };
}
