import type { envoy } from "../gen/envoy.js";
import type { EnvoySettings } from "./settings.ts";

type RouteMatch = envoy.config.route.v3.IRouteMatch;

/**
 * What is a probe: by user agent, by method, or by path, each a regular expression for the whole of it; one that is empty
 * fits nothing. Probes go to the sidecar, whatever the view does: they neither wake it nor keep it awake.
 */
export function probeMatches(
  { probeUserAgent, probeMethod, probePath }: Pick<EnvoySettings, "probeUserAgent" | "probeMethod" | "probePath">,
): readonly RouteMatch[] {
  const header = (name: string, regex: string): RouteMatch => ({
    prefix: "/",
    headers: [{ name, stringMatch: { safeRegex: { regex } } }],
  });
  return [
    ...probeUserAgent === "" ? [] : [header("user-agent", probeUserAgent)],
    ...probeMethod === "" ? [] : [header(":method", probeMethod)],
    ...probePath === "" ? [] : [{ safeRegex: { regex: probePath } }],
  ];
}
