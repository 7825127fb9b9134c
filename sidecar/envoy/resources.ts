import type { Resource } from "../proto/resource.ts";
import { viewCluster } from "./clusters.ts";
import { type ViewEndpoints, viewEndpoints } from "./endpoints.ts";
import { gateListener, publicListener } from "./listeners.ts";
import { gateRoutes, publicRoutes } from "./routes.ts";
import type { EnvoySettings } from "./settings.ts";

/** Listeners and routes: the same whatever views there are. */
export function constantResources(settings: EnvoySettings): readonly Resource[] {
  return [publicListener(settings), gateListener(settings), publicRoutes(settings), gateRoutes(settings)];
}

/** A view's cluster and then its endpoints, while it is awake and, without addresses, for some time after. */
export function viewResources(
  view: ViewEndpoints,
  { socketDirectory }: Pick<EnvoySettings, "socketDirectory">,
): readonly Resource[] {
  return [viewCluster(view.name), viewEndpoints(view, socketDirectory)];
}
