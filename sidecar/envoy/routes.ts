import type { envoy } from "../gen/envoy.js";
import { type Resource, routes } from "../proto/resource.ts";
import { clusterOfView, clusterOfViewOrGate, VIEW_CLUSTER } from "./cluster_specifier.ts";
import { lakeRoutes, signedRoute } from "./lake.ts";
import {
  DENIAL_HEADER,
  GATE,
  LAKE,
  LAKE_PREFIX,
  PASS_HEADER,
  PUBLIC,
  SIDECAR_CLUSTER,
  UNAVAILABLE_HEADER,
} from "./names.ts";
import { INNER_BUFFER } from "./held_bodies.ts";
import { probeMatches } from "./probes.ts";
import { sidecarRetries, viewRetries } from "./retries.ts";
import type { EnvoySettings, LakeUpstream } from "./settings.ts";

/** No limits: the gate holds requests, and a view's stream may be silent. */
const NO_TIMEOUT = { timeout: { seconds: 0 }, idleTimeout: { seconds: 0 } };

/** The routes of the public listener. They do not depend on the views. */
export function publicRoutes(settings: EnvoySettings): Resource {
  const { baseHost, requestBodyBufferLimitBytes } = settings;
  return routes({
    name: PUBLIC,
    ignorePortInHostMatching: true,
    // Only the gateway sets these.
    requestHeadersToRemove: [PASS_HEADER, UNAVAILABLE_HEADER],
    responseHeadersToRemove: [UNAVAILABLE_HEADER],
    clusterSpecifierPlugins: [clusterOfViewOrGate(settings)],
    virtualHosts: [
      { name: "base", domains: withAndWithoutDot(baseHost), routes: [toSidecar("/")] },
      {
        name: "views",
        domains: withAndWithoutDot(`*.${baseHost}`),
        requestBodyBufferLimit: { value: requestBodyBufferLimitBytes },
        routes: [
          toSidecar("/_gate/"),
          ...probeMatches(settings).map(probe),
          ...settings.lake === undefined
            ? [notFound(LAKE_PREFIX, "No lake is configured for this gateway.")]
            : lakeRoutes({ ...settings, lake: settings.lake }),
          toView(viewRetries(true, settings), SAFE),
          { ...toView(viewRetries(false, settings), UPGRADE), requestBodyBufferLimit: { value: INNER_BUFFER } },
          toView(viewRetries(false, settings)),
        ],
      },
      {
        name: "other",
        domains: ["*"],
        routes: [notFound("/", `This gateway serves ${baseHost} and the views at NAME.${baseHost}.`)],
      },
    ],
  });
}

/**
 * The routes of the gate: a request that passed the Check goes to its view; a denied one goes to the sidecar, which
 * answers it. The public listener retries those that fail then.
 */
export function gateRoutes({ baseHost, gateToken }: EnvoySettings): Resource {
  const denied = { name: DENIAL_HEADER, stringMatch: { prefix: `${gateToken}.` } };
  return routes({
    name: GATE,
    clusterSpecifierPlugins: [clusterOfView(baseHost)],
    virtualHosts: [{
      name: "views",
      domains: ["*"],
      routes: [
        { match: { prefix: "/", headers: [denied] }, route: { cluster: SIDECAR_CLUSTER, ...NO_TIMEOUT } },
        toView(),
      ],
    }],
  });
}

/** The routes of the lake's own listener, which knows signed requests alone. */
export function lakeListenerRoutes(settings: EnvoySettings & { readonly lake: LakeUpstream }): Resource {
  return routes({ name: LAKE, virtualHosts: [{ name: LAKE, domains: ["*"], routes: [signedRoute(settings)] }] });
}

/** Requests that may be repeated even if a first try was processed. An upgrade may not. */
const SAFE: readonly envoy.config.route.v3.IHeaderMatcher[] = [
  { name: ":method", stringMatch: { safeRegex: { regex: "GET|HEAD|OPTIONS" } } },
  { name: "upgrade", presentMatch: true, invertMatch: true },
];

/** Envoy buffers what a client sends before its connection is upgraded. */
const UPGRADE: readonly envoy.config.route.v3.IHeaderMatcher[] = [{ name: "upgrade", presentMatch: true }];

function toView(
  retryPolicy?: envoy.config.route.v3.IRetryPolicy,
  headers: readonly envoy.config.route.v3.IHeaderMatcher[] = [],
): envoy.config.route.v3.IRoute {
  return {
    match: { prefix: "/", headers },
    route: { clusterSpecifierPlugin: VIEW_CLUSTER, ...NO_TIMEOUT, ...retryPolicy && { retryPolicy } },
  };
}

function toSidecar(prefix: string): envoy.config.route.v3.IRoute {
  return { match: { prefix }, route: { cluster: SIDECAR_CLUSTER, ...NO_TIMEOUT, retryPolicy: sidecarRetries() } };
}

function probe(match: envoy.config.route.v3.IRouteMatch): envoy.config.route.v3.IRoute {
  return { ...toSidecar("/"), match };
}

/** The body becomes the detail of a problem: see local_replies.ts. */
function notFound(prefix: string, detail: string): envoy.config.route.v3.IRoute {
  return { match: { prefix }, directResponse: { status: 404, body: { inlineString: detail } } };
}

/** A fully qualified host ends in a dot. */
function withAndWithoutDot(domain: string): readonly string[] {
  return [domain, `${domain}.`];
}
