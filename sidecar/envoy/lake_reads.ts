/** The filter that looks at reads of the lake without the sidecar: at S3's answers, and at requests that were signed before. */
import { envoy } from "../gen/envoy.js";
import { PROBLEM_CONTENT_TYPE } from "../http/problem.ts";
import { extension, packAny } from "../proto/any.ts";
import { namedFilter, type Resource } from "../proto/resource.ts";
import keptSignatures from "./kept_signatures.lua" with { type: "text" };
import lakeAnswer from "./lake_answer.lua" with { type: "text" };
import { BY_CODE, BY_STATUS, FAILED, type LakeError, REFUSED, STATUS, VIEW } from "./lake_errors.ts";
import { luaScript, type LuaValue } from "./lua_script.ts";
import { LAKE_METADATA, USER_HEADER, VIEW_HEADER } from "./names.ts";
import { LAKE_HEADERS } from "./s3_headers.ts";
import { S3_ERROR_CONTENT_TYPE, s3Error } from "./s3_error.ts";
import { ads } from "./values.ts";

const { FilterConfig } = envoy.config.route.v3;
const { Lua } = envoy.extensions.filters.http.lua.v3;

type HttpFilter = envoy.extensions.filters.network.http_connection_manager.v3.IHttpFilter;

/** The name of the public listener's filter, and of the resource that it comes by. */
const LAKE_READS = "view_gateway.lake_reads";

/** What one worker of Envoy keeps at most: signatures, and bytes of them. */
const KEPT_AT_MOST = { signatures: 1_000, bytes: 1 << 20 };

/**
 * A header of the first column has no meaning beside that of the second, and S3 must not see it.
 *
 * `If-Range` asks for the whole object where the object has changed. MinIO ignores it and answers with a part of the new
 * object, which the client joins to parts of the old one. The whole object is always a correct answer.
 *
 * MinIO evaluates `If-Modified-Since` beside `If-None-Match`, and reports a changed object as unchanged.
 * https://www.rfc-editor.org/rfc/rfc9110#section-13.2.2
 */
const SUPERSEDED: Readonly<Record<string, string>> = {
  "range": "if-range",
  "if-modified-since": "if-none-match",
  "if-unmodified-since": "if-match",
};

/**
 * The filter's configuration for the public listener. It comes by ECDS, so that it can change without new connections.
 * Envoy keeps nothing beyond a change.
 * @param generation another one for each change after which no signature that was made before may be used
 */
export function lakeReads(generation: string, atMost = KEPT_AT_MOST): Resource {
  const inlineString = `-- Generation ${generation}\n${lakeReadsScript(atMost)}`;
  return namedFilter(extension(LAKE_READS, Lua, { defaultSourceCode: { inlineString } }));
}

/** The filter's place on the public listener, where it is on for the lake's route alone. */
export function lakeReadsFilter(): HttpFilter {
  return {
    name: LAKE_READS,
    configDiscovery: { configSource: ads({ seconds: 0 }), typeUrls: [Lua.getTypeUrl()] },
    disabled: true,
  };
}

/** Turns the filter on for a route. */
export function withLakeReads() {
  return { [LAKE_READS]: packAny(FilterConfig, { config: packAny(Lua, {}) }) };
}

/** The filter for the lake's own listener. It keeps nothing. */
export function unkeptLakeReads(): HttpFilter {
  const inlineString = lakeReadsScript({ signatures: 0, bytes: 0 });
  return extension("envoy.filters.http.lua", Lua, { defaultSourceCode: { inlineString } });
}

/** Envoy's part in a read, without the sidecar: the request's and the answer's. */
export function lakeReadsScript({ signatures, bytes }: typeof KEPT_AT_MOST): string {
  return luaScript(
    {
      ...{ METADATA: LAKE_METADATA, VIEW_HEADER, USER_HEADER, SUPERSEDED, MOST: signatures, MOST_BYTES: bytes },
      ALWAYS: LAKE_HEADERS,
      BY_CODE: answers(BY_CODE),
      BY_STATUS: answers(BY_STATUS),
      REFUSED: answer(REFUSED),
      FAILED: answer(FAILED),
      VIEW,
      STATUS,
      S3_CONTENT_TYPE: S3_ERROR_CONTENT_TYPE,
      PROBLEM_CONTENT_TYPE,
    },
    keptSignatures,
    lakeAnswer,
  );
}

function answers(errors: Readonly<Record<string, LakeError>>): LuaValue {
  return Object.fromEntries(Object.entries(errors).map(([key, error]) => [key, answer(error)]));
}

function answer({ problem, retryAfter }: LakeError): LuaValue {
  return {
    status: String(problem.status),
    problem: JSON.stringify(problem) + "\n",
    s3: s3Error(problem),
    ...retryAfter !== undefined && { retry_after: String(retryAfter) },
  };
}
