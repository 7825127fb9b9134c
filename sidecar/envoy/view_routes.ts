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
import { NO_OWN_COOKIES, VIEW_COOKIE_ALONE, WITH_VIEW_COOKIE, withoutOwnCookies } from "./own_cookies.ts";
import { viewRetries } from "./retries.ts";
import type { EnvoySettings } from "./settings.ts";

type Route = envoy.config.route.v3.IRoute;
type HeaderMatcher = envoy.config.route.v3.IHeaderMatcher;

/** No limits: the gate holds requests, and a view's stream may be silent. */
export const NO_TIMEOUT = { timeout: { seconds: 0 }, idleTimeout: { seconds: 0 } };

const present = (name: string): HeaderMatcher => ({ name, presentMatch: true });
const absent = (name: string): HeaderMatcher => ({ name, presentMatch: true, invertMatch: true });
const not = (matcher: HeaderMatcher): HeaderMatcher => (
  { ...matcher, invertMatch: true, treatMissingHeaderAsEmpty: true }
);

const GET: readonly HeaderMatcher[] = [{ name: ":method", stringMatch: { exact: "GET" } }, absent("upgrade")];

/** Requests that may be repeated even if a first try was processed. An upgrade may not. */
const SAFE: readonly HeaderMatcher[] = [
  { name: ":method", stringMatch: { safeRegex: { regex: "GET|HEAD|OPTIONS" } } },
  absent("upgrade"),
];

/** Envoy buffers what a client sends before its connection is upgraded. */
const UPGRADE: readonly HeaderMatcher[] = [present("upgrade")];

const NO_BODY: readonly HeaderMatcher[] = [absent("content-length"), absent("transfer-encoding")];

/** Envoy knows the user by a valid cookie. */
const SIGNED_IN = present(VIEW_HEADER);

/** Another host's page sends it. Browsers say so by HTTPS and to localhost: https://www.w3.org/TR/fetch-metadata/ */
const FROM_ELSEWHERE: HeaderMatcher = { name: "sec-fetch-site", stringMatch: { suffix: "-site" } };

const OPENS_A_WINDOW: HeaderMatcher = { name: "sec-fetch-dest", stringMatch: { exact: "document" } };

/** It may be a token of the gateway's, which no pod may see. */
const BEARER: HeaderMatcher = { name: "authorization", stringMatch: { contains: "bearer", ignoreCase: true } };

/** https://html.spec.whatwg.org/multipage/server-sent-events.html */
const EVENT_STREAM: HeaderMatcher = { name: "accept", stringMatch: { exact: "text/event-stream" } };

/** Requests that go on until one of the two ends them. */
export const STREAMS: readonly HeaderMatcher[] = [...UPGRADE, EVENT_STREAM];

/** Where to, on what condition, and what else. */
interface Way {
  readonly to: Pick<envoy.config.route.v3.IRouteAction, "cluster" | "clusterSpecifierPlugin">;
  readonly if?: readonly HeaderMatcher[];
  readonly and?: Partial<Route>;
  /** Seconds after which the request ends, however long it would go on. It costs a warm request 14,000 instructions. */
  readonly atMost?: number;
}

/** A route for each kind of request. */
interface Routes {
  readonly get: (way: Way) => Route;
  readonly safe: (way: Way) => Route;
  readonly upgrade: (way: Way) => Route;
  readonly other: (way: Way) => Route;
}

export function viewRoutes(settings: EnvoySettings): readonly Route[] {
  const by = routesOf(settings);
  if (settings.authentication === "none") return all(by, to(VIEW_CLUSTER));
  return [...usual(by), ...unusual(by, settings)];
}

/**
 * The routes of most requests. They only save time: the other routes lead to the same. For a request with a valid cookie,
 * Envoy looks for a route twice: before it knows the user, and after.
 */
function usual(by: Routes): readonly Route[] {
  return [
    by.get({ to: { cluster: GATE_CLUSTER }, if: [absent(VIEW_HEADER), WITH_VIEW_COOKIE, ...NO_BODY] }),
    by.get({
      ...to(OWN_VIEW_CLUSTER),
      if: [
        ...[SIGNED_IN, not(EVENT_STREAM), not(FROM_ELSEWHERE), not(BEARER), absent("origin")],
        ...VIEW_COOKIE_ALONE,
      ],
      and: { requestHeadersToRemove: ["cookie"] },
    }),
  ];
}

function unusual(by: Routes, { sessionSeconds: atMost }: EnvoySettings): readonly Route[] {
  const anonymous = [absent(VIEW_HEADER), ...NO_OWN_COOKIES, not(BEARER)];
  const and = withoutOwnCookies();
  return [
    ...all(by, { ...to(PUBLIC_VIEW_CLUSTER), if: anonymous }),
    ...all(by, { ...to(ALWAYS_GATE_CLUSTER), if: [FROM_ELSEWHERE, not(OPENS_A_WINDOW)] }),
    ...all(by, { ...to(ALWAYS_GATE_CLUSTER), if: [BEARER] }),
    by.safe({ ...to(OWN_VIEW_CLUSTER), if: [SIGNED_IN, absent("origin"), EVENT_STREAM], and, atMost }),
    by.safe({ ...to(OWN_VIEW_CLUSTER), if: [SIGNED_IN, absent("origin")], and }),
    by.upgrade({ ...to(OWN_PAGE_CLUSTER), if: [SIGNED_IN, not(FROM_ELSEWHERE)], and, atMost }),
    by.other({ ...to(OWN_PAGE_CLUSTER), if: [SIGNED_IN, not(FROM_ELSEWHERE)], and }),
    ...all(by, to(ALWAYS_GATE_CLUSTER)),
  ];
}

function to(clusterSpecifierPlugin: string): Way {
  return { to: { clusterSpecifierPlugin } };
}

function all(by: Routes, way: Way): readonly Route[] {
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
    get: route(GET, true),
    safe: route(SAFE, true),
    upgrade: (way) => ({ ...upgrade(way), requestBodyBufferLimit: { value: INNER_BUFFER } }),
    other: route([], false),
  };
}
