import { envoy } from "../gen/envoy.js";
import { extension } from "../proto/any.ts";
import { bodyWay } from "./held_bodies.ts";
import { GATE_CLUSTER } from "./names.ts";
import type { EnvoySettings } from "./settings.ts";

const { LuaConfig } = envoy.extensions.router.cluster_specifiers.lua.v3;

/** The name under which a route configuration's routes refer to its cluster specifier. */
export const VIEW_CLUSTER = "view";

/**
 * For the public listener: the cluster of the view that the host names, where Envoy has it, else the way to the gate that
 * suits the request's body. Envoy has other clusters too, which no host may reach: an underscore keeps their names apart
 * from what the pattern takes.
 */
export function awakeOrGate(
  settings: Pick<EnvoySettings, "baseHost" | "requestBodyBufferLimitBytes" | "heldBytesInAll">,
): envoy.config.route.v3.IClusterSpecifierPlugin {
  return lua(
    `${viewOfHost(settings.baseHost)}
function envoy_on_route(route)
  local view = view_of(route)
  if view ~= nil and route:getCluster(view) ~= nil then
    return view
  end
${bodyWay(settings)}
  return "${GATE_CLUSTER}"
end
`,
    GATE_CLUSTER,
  );
}

/** For the gate: the cluster of the view, which need not be there yet: it is looked up when the Check has passed. */
export function view(baseHost: string): envoy.config.route.v3.IClusterSpecifierPlugin {
  return lua(
    `${viewOfHost(baseHost)}
function envoy_on_route(route)
  return view_of(route) or ""
end
`,
    "",
  );
}

/**
 * The label before the base host, as view/name.ts has it: in any case, with any port, with a dot at its end. What is no
 * view's name names no cluster, so one pattern does. Each warm request pays for this: 14,000 instructions of Envoy's 184,000,
 * of which the collector's default pause of 200 % would add 2,000, and four string functions instead of two 4,000.
 */
function viewOfHost(baseHost: string): string {
  const suffix = baseHost.replaceAll(/[^a-z0-9]/g, "%$&");
  return `collectgarbage("setpause", 1000)
local match, lower = string.match, string.lower
local function view_of(route)
  return match(lower(route:headers():get(":authority") or ""), "^([-a-z0-9]+)%.${suffix}%.?:?%d*$")
end
`;
}

function lua(inlineString: string, defaultCluster: string): envoy.config.route.v3.IClusterSpecifierPlugin {
  return { extension: extension(VIEW_CLUSTER, LuaConfig, { sourceCode: { inlineString }, defaultCluster }) };
}
