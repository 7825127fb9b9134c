import { envoy } from "../gen/envoy.js";
import { extension } from "../proto/any.ts";
import { PUBLIC_SUFFIX } from "../view/public_cluster.ts";
import alwaysGateScript from "./always_gate.lua" with { type: "text" };
import awakeOrGateScript from "./awake_or_gate.lua" with { type: "text" };
import { bodyConstants } from "./held_bodies.ts";
import { luaScript, type LuaValue } from "./lua_script.ts";
import { GATE_CLUSTER, VIEW_HEADER } from "./names.ts";
import publicOrGateScript from "./public_or_gate.lua" with { type: "text" };
import type { EnvoySettings } from "./settings.ts";
import signedInOrGateScript from "./signed_in_or_gate.lua" with { type: "text" };
import viewOfHost from "./view_of_host.lua" with { type: "text" };
import viewOrNone from "./view_or_none.lua" with { type: "text" };
import wayToGate from "./way_to_gate.lua" with { type: "text" };

const { LuaConfig } = envoy.extensions.router.cluster_specifiers.lua.v3;

type ClusterSpecifier = envoy.config.route.v3.IClusterSpecifierPlugin;

/** The names under which a route configuration's routes refer to its cluster specifiers. */
export const VIEW_CLUSTER = "view";
/** For those who have not signed in. */
export const PUBLIC_VIEW_CLUSTER = "public view";
/** For those who have. */
export const OWN_VIEW_CLUSTER = "own view";
/** The same for requests that must not come from another host's page. */
export const OWN_PAGE_CLUSTER = "own page";
/** The gate, whether the view is awake or not. */
export const ALWAYS_GATE_CLUSTER = "gate";

type Settings = Pick<EnvoySettings, "baseHost" | "requestBodyBufferLimitBytes" | "heldBytesInAll" | "authentication">;

/**
 * For the public listener: the cluster of the view that the host names, where Envoy has it, else the gate's cluster for the
 * request's body. No host may reach Envoy's other clusters: their names have an underscore, which the pattern refuses.
 */
export function clustersOfViewsOrGate(settings: Settings): readonly ClusterSpecifier[] {
  const { baseHost, authentication } = settings;
  const gate = { ...bodyConstants(settings), GATE: GATE_CLUSTER };
  const orGate = (name: string, constants: Readonly<Record<string, LuaValue>>, script: string) =>
    lua(
      name,
      luaScript({ ...hostPattern(baseHost), ...gate, ...constants }, viewOfHost, wayToGate, script),
      GATE_CLUSTER,
    );
  if (authentication === "none") return [orGate(VIEW_CLUSTER, {}, awakeOrGateScript)];
  return [
    orGate(PUBLIC_VIEW_CLUSTER, { PUBLIC: PUBLIC_SUFFIX }, publicOrGateScript),
    orGate(OWN_VIEW_CLUSTER, { VIEW_HEADER, NEEDS_ORIGIN: false }, signedInOrGateScript),
    orGate(OWN_PAGE_CLUSTER, { VIEW_HEADER, NEEDS_ORIGIN: true }, signedInOrGateScript),
    lua(ALWAYS_GATE_CLUSTER, luaScript(gate, wayToGate, alwaysGateScript), GATE_CLUSTER),
  ];
}

/** For the gate: the cluster of the view. Envoy looks it up after the Check has passed: before, it need not exist. */
export function clusterOfView(baseHost: string): ClusterSpecifier {
  return lua(VIEW_CLUSTER, luaScript(hostPattern(baseHost), viewOfHost, viewOrNone), "");
}

/**
 * Finds the label before the base host, as view/name.ts does: with or without a port and a final dot. A label that is no
 * view's name is the name of no cluster, so one pattern is enough.
 */
function hostPattern(baseHost: string) {
  const suffix = baseHost.replaceAll(/[^a-z0-9]/g, "%$&");
  return { HOST_PATTERN: `^([-a-z0-9]+)%.${suffix}%.?:?%d*$` };
}

function lua(name: string, inlineString: string, defaultCluster: string): ClusterSpecifier {
  return { extension: extension(name, LuaConfig, { sourceCode: { inlineString }, defaultCluster }) };
}
