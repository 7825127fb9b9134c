import type { envoy } from "../gen/envoy.js";
import { type Resource, routes } from "../proto/resource.ts";
import { clusterOfView, clustersOfViewsOrGate, VIEW_CLUSTER } from "./cluster_specifier.ts";
import { baseDomains, notFound, otherHost, viewDomains } from "./domains.ts";
import { httpsHeaders } from "./https_headers.ts";
import { oddlySpelled } from "./gate_paths.ts";
import { lakeRoutes, signedRoute } from "./lake.ts";
import {
  DENIAL_HEADER,
  GATE,
  GATE_PREFIX,
  LAKE,
  LAKE_PREFIX,
  PUBLIC,
  SIDECAR_CLUSTER,
  UNAVAILABLE_HEADER,
  USER_HEADER,
} from "./names.ts";
import { probeMatches } from "./probes.ts";
import { sidecarRetries } from "./retries.ts";
import type { EnvoySettings, LakeUpstream } from "./settings.ts";
import { NO_TIMEOUT, STREAMS, viewRoutes } from "./view_routes.ts";
import { TRACED } from "./traces.ts";
import { withoutViewToken } from "./view_token_filter.ts";

/** The routes of the public listener. They do not depend on the views. */
export function publicRoutes(settings: EnvoySettings): Resource {
  const { authentication, baseHost, requestBodyBufferLimitBytes } = settings;
  return routes({
    name: PUBLIC,
    ignorePortInHostMatching: true,
    // Only the gateway sets it.
    responseHeadersToRemove: [UNAVAILABLE_HEADER],
    ...settings.tls && httpsHeaders(settings.tls, baseHost),
    clusterSpecifierPlugins: clustersOfViewsOrGate(settings),
    virtualHosts: [
      {
        name: "base",
        domains: baseDomains(baseHost),
        routes: [toSidecar("/")],
        ...authentication !== "none" && { typedPerFilterConfig: withoutViewToken() },
      },
      {
        name: "views",
        domains: viewDomains(baseHost),
        requestBodyBufferLimit: { value: requestBodyBufferLimitBytes },
        routes: [
          toSidecar(GATE_PREFIX),
          oddlySpelled(),
          ...probeMatches(settings).map(probe),
          ...settings.lake === undefined
            ? [notFound(LAKE_PREFIX, "No lake is configured for this gateway.")]
            : lakeRoutes({ ...settings, lake: settings.lake }),
          ...viewRoutes(settings),
        ],
      },
      {
        name: "other",
        domains: ["*"],
        routes: [otherHost(baseHost)],
      },
    ],
  });
}

/**
 * The routes of the gate: a request that passed the Check goes to its view; a denied one goes to the sidecar, which
 * answers it. The public listener retries those that fail then.
 */
export function gateRoutes(settings: EnvoySettings): Resource {
  const { baseHost, gateToken, traces } = settings;
  const denied = { name: DENIAL_HEADER, stringMatch: { prefix: `${gateToken}.` } };
  return routes({
    name: GATE,
    clusterSpecifierPlugins: [clusterOfView(baseHost)],
    virtualHosts: [{
      name: "views",
      domains: ["*"],
      routes: [
        { match: { prefix: "/", headers: [denied] }, route: { cluster: SIDECAR_CLUSTER, ...NO_TIMEOUT } },
        ...toViews(settings),
      ].map((route) => traces === undefined ? route : { ...route, ...TRACED }),
    }],
  });
}

/** The routes of the lake's own listener, which knows signed requests alone. */
export function lakeListenerRoutes(settings: EnvoySettings & { readonly lake: LakeUpstream }): Resource {
  return routes({ name: LAKE, virtualHosts: [{ name: LAKE, domains: ["*"], routes: [signedRoute(settings)] }] });
}

/** The gate's own way to the view. Where people sign in, a stream of somebody's has an end. */
function toViews({ authentication, sessionSeconds }: EnvoySettings): readonly envoy.config.route.v3.IRoute[] {
  const route = { clusterSpecifierPlugin: VIEW_CLUSTER, ...NO_TIMEOUT };
  const all = { match: { prefix: "/" }, route };
  if (authentication === "none") return [all];
  const ending = STREAMS.map((kind) => ({
    match: { prefix: "/", headers: [{ name: USER_HEADER, presentMatch: true }, kind] },
    route: { ...route, maxStreamDuration: { maxStreamDuration: { seconds: sessionSeconds } } },
  }));
  return [...ending, all];
}

function toSidecar(prefix: string): envoy.config.route.v3.IRoute {
  return { match: { prefix }, route: { cluster: SIDECAR_CLUSTER, ...NO_TIMEOUT, retryPolicy: sidecarRetries() } };
}

function probe(match: envoy.config.route.v3.IRouteMatch): envoy.config.route.v3.IRoute {
  return { ...toSidecar("/"), match };
}
