import { envoy } from "../gen/envoy.js";
import { problem, PROBLEM_CONTENT_TYPE } from "../http/problem.ts";
import { extension } from "../proto/any.ts";
import { luaScript } from "./lua_script.ts";
import { WEBSOCKET } from "./upgrades.ts";
import websocketHandshake from "./websocket_handshake.lua" with { type: "text" };

const { Lua } = envoy.extensions.filters.http.lua.v3;

type HttpFilter = envoy.extensions.filters.network.http_connection_manager.v3.IHttpFilter;
type Options = envoy.extensions.filters.network.http_connection_manager.v3.IHttpConnectionManager;

/** WebSockets on a listener with these filters, of which the last is the router. */
export function websockets(filters: readonly HttpFilter[]): Pick<Options, "upgradeConfigs"> {
  const handshake = extension("view_gateway.websocket", Lua, { defaultSourceCode: { inlineString: SCRIPT } });
  return {
    upgradeConfigs: [{ upgradeType: WEBSOCKET, filters: [...filters.slice(0, -1), handshake, ...filters.slice(-1)] }],
  };
}

/** Dynamic metadata by which the answer knows the request. */
const METADATA = "view_gateway.websocket";

/** Stands in the problem for the status of the view's answer. */
const STATUS = "STATUS";

const NO_WEBSOCKET = problem(
  502,
  "no-websocket",
  `The request asks for a WebSocket, but the server sent status ${STATUS} and did not open one. ` +
    "Send the request without Upgrade.",
);

const SCRIPT = luaScript({
  METADATA,
  PROBLEM: JSON.stringify(NO_WEBSOCKET) + "\n",
  PROBLEM_STATUS: String(NO_WEBSOCKET.status),
  PROBLEM_CONTENT_TYPE,
  STATUS,
}, websocketHandshake);
