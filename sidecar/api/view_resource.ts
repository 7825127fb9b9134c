import type { Route, View, ViewResource } from "@view-gateway/types";
import type { ViewState } from "../view/state.ts";

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

/** A view as the API shows it. */
export function resourceOf(state: ViewState, baseHost: string, url: RequestUrl): ViewResource {
  return {
    name: state.name,
    ...state.spec,
    ...state.owner !== undefined && { owner: state.owner },
    route: routeOf(state.name, baseHost, url),
    phase: state.phase.kind,
    ...state.start !== undefined && { start: state.start },
    ...(state.phase.kind === "failed" && { cause: state.phase.cause }),
    ...(state.restartNeeded && { restartNeeded: [...state.restartNeeded] }),
    createdAt: state.createdAt,
  };
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
  baseHost: string,
  url: RequestUrl,
): ViewResource {
  const route = routeOf(name, baseHost, url);
  return { name, ...spec, ...owner !== undefined && { owner }, route, phase: "asleep", createdAt };
}

function routeOf(name: string, baseHost: string, { scheme, host }: RequestUrl): Route {
  const hostname = `${name}.${baseHost}`;
  const port = /:[0-9]+$/.exec(host)?.[0] ?? "";
  return { hostname, url: `${scheme}://${hostname}${port}/` };
}
