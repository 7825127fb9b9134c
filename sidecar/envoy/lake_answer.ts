import type { Problem } from "@view-gateway/types";
import { envoy } from "../gen/envoy.js";
import { problem, PROBLEM_CONTENT_TYPE } from "../problem.ts";
import { extension, packAny } from "../proto/any.ts";
import { LAKE_METADATA } from "./names.ts";

const { FilterConfig } = envoy.config.route.v3;
const { Lua } = envoy.extensions.filters.http.lua.v3;

type HttpFilter = envoy.extensions.filters.network.http_connection_manager.v3.IHttpFilter;

const LUA = "envoy.filters.http.lua";

/**
 * Headers of every answer from the lake: its HTML must not run as the view, nor may another page, be it of the view next
 * door, include what is read here.
 */
export const LAKE_HEADERS: Readonly<Record<string, string>> = {
  "content-security-policy": "default-src 'none'; sandbox",
  "cross-origin-resource-policy": "same-origin",
  "x-content-type-options": "nosniff",
};

/** What a client is shown of S3's answer: no CORS, no cookie, nothing about S3 itself. */
const SHOWN = [
  // The route has set these, in place of any of S3's.
  ...Object.keys(LAKE_HEADERS),
  "accept-ranges",
  "cache-control",
  "content-disposition",
  "content-encoding",
  "content-language",
  "content-length",
  "content-range",
  "content-type",
  "date",
  "etag",
  "expires",
  "last-modified",
  "transfer-encoding",
];

/** Takes the place of an answer that is an error: S3's own texts repeat what was sent, the session token among it. */
interface Instead {
  readonly problem: Problem;
  readonly retryAfter?: number;
}

/** These stand for the view's name, which is a label, and so needs no escapes in JSON, and for S3's status. */
const VIEW = "VIEW";
const STATUS = "STATUS";

const UNAVAILABLE: Instead = {
  problem: about(503, "lake-unavailable", "The lake cannot be reached now, or has too much to do. Try again."),
  retryAfter: 2,
};

const BY_STATUS: Readonly<Record<number, Instead>> = {
  403: { problem: about(403, "lake-denied", "The lake denies this to the view's credentials.") },
  404: { problem: about(404, "not-in-lake", "The lake has no such object.") },
  412: { problem: about(412, "precondition-failed", "The object is another than the request asks for.") },
  416: { problem: about(416, "range-not-satisfiable", "The object does not have the range asked for.") },
  429: UNAVAILABLE,
  503: UNAVAILABLE,
};

const REFUSED: Instead = {
  problem: about(400, "lake-refused", `The lake does not accept the request (${STATUS}).`),
};

const FAILED: Instead = {
  problem: about(502, "lake-failed", `The lake cannot answer now (${STATUS}).`),
};

/**
 * The filter that looks at S3's answer to a request that the sidecar has signed: Envoy does this alone, so that an answer
 * costs no word with the sidecar, and none is lost where the sidecar crashes meanwhile. On the public
 * listener it is off but for the lake's own route.
 */
export function lakeAnswerFilter({ on }: { readonly on: "public" | "lake" }): HttpFilter {
  return { ...extension(LUA, Lua, { defaultSourceCode: { inlineString: script() } }), disabled: on === "public" };
}

/** Turns the filter on for a route. */
export function withLakeAnswer() {
  return { [LUA]: packAny(FilterConfig, { config: packAny(Lua, {}) }) };
}

/** https://www.envoyproxy.io/docs/envoy/v1.37.0/configuration/http/http_filters/lua_filter */
function script(): string {
  return `collectgarbage("setpause", 1000)
local shown = { ${SHOWN.map((name) => `[${text(name)}] = true`).join(", ")} }
local always = { ${Object.entries(LAKE_HEADERS).map(([name, value]) => `[${text(name)}] = ${text(value)}`).join(", ")} }
local by_status = { ${
    Object.entries(BY_STATUS).map(([status, instead]) => `[${status}] = ${table(instead)}`).join(", ")
  } }
local refused = ${table(REFUSED)}
local failed = ${table(FAILED)}

local function keep(headers, kept)
  local others = {}
  for name in pairs(headers) do
    if string.sub(name, 1, 1) ~= ":" and not kept[name] then
      others[#others + 1] = name
    end
  end
  for _, name in ipairs(others) do
    headers:remove(name)
  end
end

function envoy_on_response(handle)
  local lake = handle:streamInfo():dynamicMetadata():get(${text(LAKE_METADATA)})
  -- What the sidecar has answered, or could not, is no answer of S3's.
  if lake == nil or lake.view == nil then
    return
  end
  local status = tonumber(handle:headers():get(":status"))
  if status >= 200 and status < 300 or status == 304 then
    keep(handle:headers(), shown)
  else
    local instead = by_status[status] or status >= 400 and status < 500 and refused or failed
    -- This waits, and nothing that the handle gave before may be used after it.
    local body = handle:body()
    local headers = handle:headers()
    keep(headers, { date = true })
    headers:replace(":status", instead.status)
    headers:replace("cache-control", "no-store")
    if instead.retry_after then
      headers:replace("retry-after", instead.retry_after)
    end
    -- An answer to HEAD has none.
    if body ~= nil then
      local problem = string.gsub(string.gsub(instead.problem, "${VIEW}", lake.view), "${STATUS}", status)
      headers:replace("content-type", "${PROBLEM_CONTENT_TYPE}")
      headers:replace("content-length", body:setBytes(problem))
    end
    -- The answer may be Envoy's own, to which the route adds nothing.
    for name, value in pairs(always) do
      headers:replace(name, value)
    end
  end
end
`;
}

function about(status: number, kind: string, detail: string): Problem {
  return problem(status, kind, detail, { view: VIEW });
}

function table({ problem, retryAfter }: Instead): string {
  const after = retryAfter === undefined ? "" : `, retry_after = "${retryAfter}"`;
  return `{ status = "${problem.status}", problem = ${text(JSON.stringify(problem) + "\n")}${after} }`;
}

/** As Lua writes it; all of it is printable ASCII but for line ends, for which both have the same escape. */
function text(value: string): string {
  return JSON.stringify(value);
}
