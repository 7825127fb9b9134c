import type { envoy } from "../gen/envoy.js";
import type { EnvoySettings } from "./settings.ts";

type RouteMatch = envoy.config.route.v3.IRouteMatch;

/**
 * Matches probes by user agent, by method or by path: regular expressions for the whole value. An empty one matches
 * nothing. Probes always go to the sidecar: they neither wake a view nor keep it awake.
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
