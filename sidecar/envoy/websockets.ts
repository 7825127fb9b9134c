import { envoy } from "../gen/envoy.js";
import { problem, PROBLEM_CONTENT_TYPE } from "../http/problem.ts";
import { extension } from "../proto/any.ts";
import { WEBSOCKET } from "./upgrades.ts";

const { Lua } = envoy.extensions.filters.http.lua.v3;

type HttpFilter = envoy.extensions.filters.network.http_connection_manager.v3.IHttpFilter;
type Options = envoy.extensions.filters.network.http_connection_manager.v3.IHttpConnectionManager;

/** WebSockets, on a listener whose other requests pass these filters, of which the last is the router. */
export function websockets(filters: readonly HttpFilter[]): Pick<Options, "upgradeConfigs"> {
  const handshake = extension("view_gateway.websocket", Lua, { defaultSourceCode: { inlineString: SCRIPT } });
  return {
    upgradeConfigs: [{ upgradeType: WEBSOCKET, filters: [...filters.slice(0, -1), handshake, ...filters.slice(-1)] }],
  };
}

/** Where the answer finds what the request was. */
const METADATA = "view_gateway.websocket";

const NO_WEBSOCKET = problem(
  502,
  "no-websocket",
  "A WebSocket was asked for, and what answers at this address sent status ${STATUS} instead of opening one. " +
    "Ask for it without Upgrade.",
);

/**
 * Between the two forms of a handshake. Over HTTP/2 it has no key, which the view's HTTP/1.1 server needs, and then no
 * answer to it; and each status 2xx says that the WebSocket is open: https://www.rfc-editor.org/rfc/rfc8441#section-5
 *
 * Nothing of the client's passes Envoy before the view has answered 101, so that no request can be smuggled after a
 * handshake. For the same reason Envoy drops the body of an answer below 400, and puts its own there. So an answer 3xx
 * goes on without a body, and one of 2xx, which would be empty or say "open", becomes a problem.
 */
const SCRIPT = `
local problem = ${text(JSON.stringify(NO_WEBSOCKET) + "\n")}
math.randomseed(os.time() + tonumber(string.match(tostring({}), "0x(%x+)"), 16) % 1000000)

function envoy_on_request(handle)
  local headers = handle:headers()
  if headers:get("sec-websocket-key") == nil and handle:streamInfo():protocol() == "HTTP/2" then
    local nonce = {}
    for i = 1, 16 do
      nonce[i] = string.char(math.random(0, 255))
    end
    headers:add("sec-websocket-key", handle:base64Escape(table.concat(nonce)))
    handle:streamInfo():dynamicMetadata():set("${METADATA}", "keyed", true)
  end
end

local function instead(handle, kept, body_text)
  -- This waits, and nothing that the handle gave before may be used after it.
  local body = handle:body()
  local headers = handle:headers()
  local others = {}
  for name in pairs(headers) do
    if not kept(name) then
      others[#others + 1] = name
    end
  end
  for _, name in ipairs(others) do
    headers:remove(name)
  end
  -- An answer to HEAD has none.
  if body ~= nil then
    headers:replace("content-length", body:setBytes(body_text))
  end
  return headers
end

local function is_date(name)
  return string.sub(name, 1, 1) == ":" or name == "date"
end

local function is_no_body(name)
  return string.sub(name, 1, 8) ~= "content-" and name ~= "etag" and name ~= "transfer-encoding"
end

function envoy_on_response(handle)
  local status = tonumber(handle:headers():get(":status"))
  if status == 101 then
    if handle:streamInfo():dynamicMetadata():get("${METADATA}") ~= nil then
      handle:headers():remove("sec-websocket-accept")
    end
  elseif status >= 200 and status < 300 then
    local headers = instead(handle, is_date, (string.gsub(problem, "${"${STATUS}"}", status)))
    headers:replace(":status", "${NO_WEBSOCKET.status}")
    headers:replace("content-type", "${PROBLEM_CONTENT_TYPE}")
    headers:replace("cache-control", "no-store")
  elseif status >= 300 and status < 400 then
    instead(handle, is_no_body, "")
  end
end
`;

/** As Lua writes it; all of it is printable ASCII but for line ends, for which both have the same escape. */
function text(value: string): string {
  return JSON.stringify(value);
}
