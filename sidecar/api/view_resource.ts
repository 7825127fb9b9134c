import type { Route, View, ViewResource } from "@view-gateway/types";
import { type LeaseBounds, leaseEndsAt, termsOf } from "../view/lease.ts";
import type { ViewState } from "../view/state.ts";
import type { ApiOptions } from "./api_options.ts";

/** The scheme and the host that the client used: the URLs of views have the same scheme and port. */
export interface RequestUrl {
  readonly scheme: string;
  /** The Host header, with its port. */
  readonly host: string;
}

/** The scheme, which Envoy puts into a header, and the host of a request. */
export function requestUrlOf(request: { header(name: string): string | undefined }): RequestUrl {
  return { scheme: request.header("x-forwarded-proto") ?? "http", host: request.header("host") ?? "" };
}

/** What the gateway's configuration adds to a view. */
export type Settings = Pick<ApiOptions, "baseHost" | "bounds" | "history">;

/** A view as the API shows it in a list. */
export function resourceOf(state: ViewState, settings: Settings, url: RequestUrl): ViewResource {
  const lease = "lease" in state.phase ? state.phase.lease : undefined;
  const lastRequestAt = settings.history.lastRequestAt(state);
  return {
    name: state.name,
    ...state.spec,
    ...state.owner !== undefined && { owner: state.owner },
    route: routeOf(state.name, settings.baseHost, url),
    phase: state.phase.kind,
    ...state.start !== undefined && { start: state.start },
    ...(state.phase.kind === "failed" && { cause: state.phase.cause }),
    ...(state.restartNeeded && { restartNeeded: [...state.restartNeeded] }),
    ...state.spec && { effective: effectiveOf(state.spec, settings.bounds) },
    ...lease && { sleepsAt: new Date(leaseEndsAt(lease)).toISOString() },
    ...lastRequestAt !== undefined && { lastRequestAt: new Date(lastRequestAt).toISOString() },
    createdAt: state.createdAt,
  };
}

/** What somebody learns of a view who may open it, but not see it: no more than a visitor of the view. */
export function openResource(state: ViewState, settings: Settings, url: RequestUrl): ViewResource {
  const { name, route, phase, createdAt } = resourceOf(state, settings, url);
  return { name, route, phase, createdAt, ...state.public && { public: true } };
}

/** A view that has just been created. */
export interface NewView {
  readonly name: string;
  readonly spec: View;
  readonly owner: string | undefined;
  readonly createdAt: string;
}

/** A new view as the API shows it. */
export function newResource(
  { name, spec, owner, createdAt }: NewView,
  { baseHost, bounds }: Settings,
  url: RequestUrl,
): ViewResource {
  const route = routeOf(name, baseHost, url);
  const effective = effectiveOf(spec, bounds);
  return { name, ...spec, ...owner !== undefined && { owner }, route, phase: "asleep", effective, createdAt };
}

function effectiveOf(spec: View, bounds: LeaseBounds): NonNullable<ViewResource["effective"]> {
  const { idle, lifetime } = termsOf(spec, bounds);
  return { idleSeconds: idle, maxLifetimeSeconds: lifetime };
}

function routeOf(name: string, baseHost: string, { scheme, host }: RequestUrl): Route {
  const hostname = `${name}.${baseHost}`;
  const port = /:[0-9]+$/.exec(host)?.[0] ?? "";
  return { hostname, url: `${scheme}://${hostname}${port}/` };
}
