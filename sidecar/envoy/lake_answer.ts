import { envoy } from "../gen/envoy.js";
import { PROBLEM_CONTENT_TYPE } from "../http/problem.ts";
import { extension, packAny } from "../proto/any.ts";
import { BY_CODE, BY_STATUS, FAILED, type Instead, REFUSED, STATUS, VIEW } from "./lake_errors.ts";
import { LAKE_METADATA } from "./names.ts";
import { S3_ERROR_CONTENT_TYPE, s3Error } from "./s3_error.ts";

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
local by_code = { ${Object.entries(BY_CODE).map(([code, instead]) => `${code} = ${table(instead)}`).join(", ")} }
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

-- S3's error code. It comes before all that repeats what was sent.
local function code_of(body)
  local start = body:getBytes(0, math.min(body:length(), 512))
  start = string.gsub(start, "^%s*<%?xml.-%?>", "")
  return string.match(start, "^%s*<Error[^>]*>%s*<Code>(%w+)</Code>")
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
    -- This waits, and nothing that the handle gave before may be used after it.
    local body = not lake.head and handle:body(true) or nil
    local code = body and code_of(body)
    local instead = code and by_code[code] or by_status[status] or status >= 400 and status < 500 and refused or failed
    local headers = handle:headers()
    keep(headers, { date = true, ["content-range"] = instead.status == "416" })
    headers:replace(":status", instead.status)
    headers:replace("cache-control", "no-store")
    if instead.retry_after then
      headers:replace("retry-after", instead.retry_after)
    end
    if body then
      local form = lake.s3 and instead.s3 or instead.problem
      local answer = string.gsub(string.gsub(form, "${VIEW}", lake.view), "${STATUS}", status)
      headers:replace("content-type", lake.s3 and "${S3_ERROR_CONTENT_TYPE}" or "${PROBLEM_CONTENT_TYPE}")
      headers:replace("content-length", body:setBytes(answer))
    end
    -- The answer may be Envoy's own, to which the route adds nothing.
    for name, value in pairs(always) do
      headers:replace(name, value)
    end
  end
end
`;
}

function table({ problem, retryAfter }: Instead): string {
  const after = retryAfter === undefined ? "" : `, retry_after = "${retryAfter}"`;
  const forms = `problem = ${text(JSON.stringify(problem) + "\n")}, s3 = ${text(s3Error(problem))}`;
  return `{ status = "${problem.status}", ${forms}${after} }`;
}

/** As Lua writes it; all of it is printable ASCII but for line ends, for which both have the same escape. */
function text(value: string): string {
  return JSON.stringify(value);
}
