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
 * For the public listener: the cluster of the view that the host names, where Envoy has it, else the gate's cluster for the
 * request's body. No host may reach Envoy's other clusters: their names have an underscore, which the pattern refuses.
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
 * Finds the label before the base host, as view/name.ts does: with or without a port and a final dot. A label that is no
 * view's name is the name of no cluster, so one pattern is enough.
 */
function hostPattern(baseHost: string) {
  const suffix = baseHost.replaceAll(/[^a-z0-9]/g, "%$&");
  return { HOST_PATTERN: `^([-a-z0-9]+)%.${suffix}%.?:?%d*$` };
}

function lua(inlineString: string, defaultCluster: string): envoy.config.route.v3.IClusterSpecifierPlugin {
  return { extension: extension(VIEW_CLUSTER, LuaConfig, { sourceCode: { inlineString }, defaultCluster }) };
}
