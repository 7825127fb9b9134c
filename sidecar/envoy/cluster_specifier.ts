import { envoy } from "../gen/envoy.js";
import { extension } from "../proto/any.ts";
import awakeOrGateScript from "./awake_or_gate.lua" with { type: "text" };
import { bodyConstants } from "./held_bodies.ts";
import { luaScript } from "./lua_script.ts";
import { GATE_CLUSTER } from "./names.ts";
import type { EnvoySettings } from "./settings.ts";
import viewOfHost from "./view_of_host.lua" with { type: "text" };
import viewOrNone from "./view_or_none.lua" with { type: "text" };

const { LuaConfig } = envoy.extensions.router.cluster_specifiers.lua.v3;

/** The name under which a route configuration's routes refer to its cluster specifier. */
export const VIEW_CLUSTER = "view";

/**
 * For the public listener: the cluster of the view that the host names, where Envoy has it, else the way to the gate that
 * suits the request's body. Envoy has other clusters too, which no host may reach: an underscore keeps their names apart
 * from what the pattern takes.
 */
export function clusterOfViewOrGate(
  settings: Pick<EnvoySettings, "baseHost" | "requestBodyBufferLimitBytes" | "heldBytesInAll">,
): envoy.config.route.v3.IClusterSpecifierPlugin {
  const constants = { ...hostPattern(settings.baseHost), ...bodyConstants(settings), GATE: GATE_CLUSTER };
  return lua(luaScript(constants, viewOfHost, awakeOrGateScript), GATE_CLUSTER);
}

/** For the gate: the cluster of the view. Envoy looks it up after the Check has passed: before, it need not exist. */
export function clusterOfView(baseHost: string): envoy.config.route.v3.IClusterSpecifierPlugin {
  return lua(luaScript(hostPattern(baseHost), viewOfHost, viewOrNone), "");
}

/**
 * The label before the base host, as view/name.ts has it: in any case, with any port, with a dot at its end. What is no
 * view's name names no cluster, so one pattern does.
 */
function hostPattern(baseHost: string) {
  const suffix = baseHost.replaceAll(/[^a-z0-9]/g, "%$&");
  return { HOST_PATTERN: `^([-a-z0-9]+)%.${suffix}%.?:?%d*$` };
}

function lua(inlineString: string, defaultCluster: string): envoy.config.route.v3.IClusterSpecifierPlugin {
  return { extension: extension(VIEW_CLUSTER, LuaConfig, { sourceCode: { inlineString }, defaultCluster }) };
}
