/** The routes of the public listener that lead to views: straight to a view's pods, or to the gate. */
import type { envoy } from "../gen/envoy.js";
import {
  ALWAYS_GATE_CLUSTER,
  OWN_PAGE_CLUSTER,
  OWN_VIEW_CLUSTER,
  PUBLIC_VIEW_CLUSTER,
  VIEW_CLUSTER,
} from "./cluster_specifier.ts";
import { INNER_BUFFER } from "./held_bodies.ts";
import { GATE_CLUSTER, VIEW_HEADER } from "./names.ts";
import { NO_OWN_COOKIES, VIEW_COOKIE_ALONE, withoutOwnCookies } from "./own_cookies.ts";
import { viewRetries } from "./retries.ts";
import type { EnvoySettings } from "./settings.ts";

type Route = envoy.config.route.v3.IRoute;
type HeaderMatcher = envoy.config.route.v3.IHeaderMatcher;

/** No limits: the gate holds requests, and a view's stream may be silent. */
export const NO_TIMEOUT = { timeout: { seconds: 0 }, idleTimeout: { seconds: 0 } };

const present = (name: string): HeaderMatcher => ({ name, presentMatch: true });
const absent = (name: string): HeaderMatcher => ({ name, presentMatch: true, invertMatch: true });

/** Requests that may be repeated even if a first try was processed. An upgrade may not. */
const SAFE: readonly HeaderMatcher[] = [
  { name: ":method", stringMatch: { safeRegex: { regex: "GET|HEAD|OPTIONS" } } },
  absent("upgrade"),
];

/** Envoy buffers what a client sends before its connection is upgraded. */
const UPGRADE: readonly HeaderMatcher[] = [present("upgrade")];

/** Envoy knows by a good cookie who asks. */
const SIGNED_IN = present(VIEW_HEADER);

/**
 * A page of another host sends it, but not to open a page in a window. Browsers say so by HTTPS and to localhost:
 * https://www.w3.org/TR/fetch-metadata/
 */
const FROM_ELSEWHERE: readonly HeaderMatcher[] = [
  { name: "sec-fetch-site", stringMatch: { suffix: "-site" } },
  { name: "sec-fetch-dest", stringMatch: { exact: "document" }, invertMatch: true, treatMissingHeaderAsEmpty: true },
];

/** It may be a token of the gateway's, which no pod may see. */
const BEARER: HeaderMatcher = { name: "authorization", stringMatch: { contains: "bearer", ignoreCase: true } };

/** Where to, on what condition, and what else. */
interface Way {
  readonly to: Pick<envoy.config.route.v3.IRouteAction, "cluster" | "clusterSpecifierPlugin">;
  readonly if?: readonly HeaderMatcher[];
  readonly and?: Partial<Route>;
  /** Seconds after which the request ends, however long it goes on. */
  readonly atMost?: number;
}

/** One route for each kind of request. */
interface Routes {
  safe(way: Way): Route;
  upgrade(way: Way): Route;
  other(way: Way): Route;
}

export function viewRoutes(settings: EnvoySettings): readonly Route[] {
  const by = routesOf(settings);
  return settings.authentication === "none" ? forAll(by, to(VIEW_CLUSTER)) : guarded(by, settings);
}

/**
 * Envoy looks for a route twice where a good cookie came: before, where the last routes fit, and again when it knows who
 * asks.
 */
function guarded(by: Routes, { sessionSeconds: atMost }: EnvoySettings): readonly Route[] {
  const nobody = [absent(VIEW_HEADER), ...NO_OWN_COOKIES, {
    ...BEARER,
    invertMatch: true,
    treatMissingHeaderAsEmpty: true,
  }];
  const withoutCookies = withoutOwnCookies();
  return [
    ...forAll(by, { ...to(PUBLIC_VIEW_CLUSTER), if: nobody }),
    ...forAll(by, { ...to(ALWAYS_GATE_CLUSTER), if: FROM_ELSEWHERE }),
    ...forAll(by, { ...to(ALWAYS_GATE_CLUSTER), if: [BEARER] }),
    by.safe({
      ...{ ...to(OWN_VIEW_CLUSTER), atMost },
      if: [SIGNED_IN, absent("origin"), VIEW_COOKIE_ALONE],
      and: { requestHeadersToRemove: ["cookie"] },
    }),
    by.safe({ ...to(OWN_VIEW_CLUSTER), atMost, if: [SIGNED_IN, absent("origin")], and: withoutCookies }),
    by.upgrade({ ...to(OWN_PAGE_CLUSTER), atMost, if: [SIGNED_IN], and: withoutCookies }),
    by.other({ ...to(OWN_PAGE_CLUSTER), atMost, if: [SIGNED_IN], and: withoutCookies }),
    // The gate's own cluster takes requests without a body. No script has to say so.
    by.safe({ to: { cluster: GATE_CLUSTER }, if: [absent("content-length"), absent("transfer-encoding")] }),
    ...forAll(by, to(ALWAYS_GATE_CLUSTER)),
  ];
}

function to(clusterSpecifierPlugin: string): Way {
  return { to: { clusterSpecifierPlugin } };
}

function forAll(by: Routes, way: Way): readonly Route[] {
  return [by.safe(way), by.upgrade(way), by.other(way)];
}

function routesOf(settings: EnvoySettings): Routes {
  const route = (kind: readonly HeaderMatcher[], repeatable: boolean) => (way: Way): Route => ({
    match: { prefix: "/", headers: [...way.if ?? [], ...kind] },
    route: {
      ...way.to,
      ...NO_TIMEOUT,
      retryPolicy: viewRetries(repeatable, settings),
      ...way.atMost !== undefined && { maxStreamDuration: { maxStreamDuration: { seconds: way.atMost } } },
    },
    ...way.and,
  });
  const upgrade = route(UPGRADE, false);
  return {
    safe: route(SAFE, true),
    upgrade: (way) => ({ ...upgrade(way), requestBodyBufferLimit: { value: INNER_BUFFER } }),
    other: route([], false),
  };
}
