import type { Route, View, ViewResource } from "@view-gateway/types";
import type { ViewState } from "../view/state.ts";

/** Where the client says it asked: what a view's URL is made from. */
export interface Asked {
  readonly scheme: string;
  /** The Host header, with its port. */
  readonly host: string;
}

/** A view as the API answers it. */
export function resourceOf(state: ViewState, baseHost: string, asked: Asked): ViewResource {
  return {
    name: state.name,
    ...state.spec,
    route: routeOf(state.name, baseHost, asked),
    phase: state.phase.kind,
    ...(state.phase.kind === "failed" && { cause: state.phase.cause }),
    ...(state.restartNeeded && { restartNeeded: [...state.restartNeeded] }),
    createdAt: state.createdAt,
  };
}

/** A view that has just been created. */
export function newResource(name: string, spec: View, createdAt: string, baseHost: string, asked: Asked): ViewResource {
  return { name, ...spec, route: routeOf(name, baseHost, asked), phase: "asleep", createdAt };
}

function routeOf(name: string, baseHost: string, { scheme, host }: Asked): Route {
  const hostname = `${name}.${baseHost}`;
  const port = /:[0-9]+$/.exec(host)?.[0] ?? "";
  return { hostname, url: `${scheme}://${hostname}${port}/` };
}
