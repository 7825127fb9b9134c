import { envoy } from "../gen/envoy.js";
import { extension } from "../proto/any.ts";
import { GATE_CLUSTER } from "./names.ts";

const { LuaConfig } = envoy.extensions.router.cluster_specifiers.lua.v3;

/** The name under which a route configuration's routes refer to its cluster specifier. */
export const VIEW_CLUSTER = "view";

/**
 * For the public listener: the cluster of the view that the host names, where Envoy has it, else the gate. Envoy has
 * other clusters too, which no host may reach: what is no RFC 1035 label goes to the gate, and is refused there.
 */
export function awakeOrGate(baseHost: string): envoy.config.route.v3.IClusterSpecifierPlugin {
  return lua(
    `${viewOfHost(baseHost)}
function envoy_on_route(route)
  local view = view_of(route:headers():get(":authority"))
  if view ~= nil and route:getCluster(view) ~= nil then
    return view
  end
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
  return view_of(route:headers():get(":authority")) or ""
end
`,
    "",
  );
}

/** The same as view/name.ts has it: any case, any port, a trailing dot. */
function viewOfHost(baseHost: string): string {
  return `local suffix = ".${baseHost}"
function view_of(host)
  host = string.lower(host or "")
  host = string.gsub(host, ":%d*$", "")
  host = string.gsub(host, "%.$", "")
  if string.sub(host, -#suffix) ~= suffix then
    return nil
  end
  local name = string.sub(host, 1, -#suffix - 1)
  if #name > 63 or not string.find(name, "^[a-z][-a-z0-9]*$") or string.sub(name, -1) == "-" then
    return nil
  end
  return name
end
`;
}

function lua(inlineString: string, defaultCluster: string): envoy.config.route.v3.IClusterSpecifierPlugin {
  return { extension: extension(VIEW_CLUSTER, LuaConfig, { sourceCode: { inlineString }, defaultCluster }) };
}
