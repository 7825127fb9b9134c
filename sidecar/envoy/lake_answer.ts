import { envoy } from "../gen/envoy.js";
import { PROBLEM_CONTENT_TYPE } from "../http/problem.ts";
import { extension, packAny } from "../proto/any.ts";
import lakeAnswer from "./lake_answer.lua" with { type: "text" };
import { LAKE_HEADERS } from "./s3_headers.ts";
import { BY_CODE, BY_STATUS, FAILED, type LakeError, REFUSED, STATUS, VIEW } from "./lake_errors.ts";
import { luaScript, type LuaValue } from "./lua_script.ts";
import { LAKE_METADATA } from "./names.ts";
import { S3_ERROR_CONTENT_TYPE, s3Error } from "./s3_error.ts";

const { FilterConfig } = envoy.config.route.v3;
const { Lua } = envoy.extensions.filters.http.lua.v3;

type HttpFilter = envoy.extensions.filters.network.http_connection_manager.v3.IHttpFilter;

const LUA = "envoy.filters.http.lua";

/**
 * The filter that checks S3's answer to a signed request. Envoy does this alone: an answer needs no call to the sidecar,
 * and none is lost when the sidecar crashes. On the public listener the filter is on for the lake's route alone.
 */
export function lakeAnswerFilter({ on }: { readonly on: "public" | "lake" }): HttpFilter {
  return { ...extension(LUA, Lua, { defaultSourceCode: { inlineString: script() } }), disabled: on === "public" };
}

/** Turns the filter on for a route. */
export function withLakeAnswer() {
  return { [LUA]: packAny(FilterConfig, { config: packAny(Lua, {}) }) };
}

function script(): string {
  return luaScript({
    METADATA: LAKE_METADATA,
    ALWAYS: LAKE_HEADERS,
    BY_CODE: answers(BY_CODE),
    BY_STATUS: answers(BY_STATUS),
    REFUSED: answer(REFUSED),
    FAILED: answer(FAILED),
    VIEW,
    STATUS,
    S3_CONTENT_TYPE: S3_ERROR_CONTENT_TYPE,
    PROBLEM_CONTENT_TYPE,
  }, lakeAnswer);
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
