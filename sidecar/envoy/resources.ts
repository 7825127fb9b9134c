/** This folder makes Envoy's configuration: listeners, routes, clusters and endpoints. It does no I/O. */
import type { Resource } from "../proto/resource.ts";
import { publicCluster } from "../view/public_cluster.ts";
import { viewCluster } from "./clusters.ts";
import { type ViewEndpoints, viewEndpoints } from "./endpoints.ts";
import { bodyClusters } from "./held_bodies.ts";
import { issuerListener, issuerResources } from "./issuer_listener.ts";
import { lakeCluster, lakeListenerCluster } from "./lake.ts";
import { lakeReads } from "./lake_reads.ts";
import { gateListener, lakeListener, publicListeners } from "./listeners.ts";
import { gateRoutes, lakeListenerRoutes, publicRoutes } from "./routes.ts";
import { redirectRoutes } from "./https_redirect.ts";
import type { EnvoySettings, LakeUpstream, TlsSettings } from "./settings.ts";
import { startProbesCluster, startProbesListener } from "./start_probes.ts";
import { certificate } from "./tls.ts";
import { tracesCluster, tracesListener } from "./traces.ts";

/** Listeners, routes, the lake and the way of probes: resources that do not depend on the views. */
export function constantResources(settings: EnvoySettings): readonly Resource[] {
  return [
    ...settings.lake === undefined ? [] : lakeResources({ ...settings, lake: settings.lake }),
    ...settings.issuer === undefined
      ? []
      : [issuerListener(settings), ...issuerResources(settings.issuer, [new URL(settings.issuer.url).origin])],
    ...settings.traces === undefined ? [] : [tracesCluster(settings.traces), tracesListener(settings, settings.traces)],
    startProbesCluster(),
    ...bodyClusters(settings),
    ...publicListeners(settings),
    gateListener(settings),
    startProbesListener(settings),
    publicRoutes(settings),
    ...settings.tls === undefined ? [] : tlsResources({ ...settings, tls: settings.tls }),
    gateRoutes(settings),
  ];
}

function tlsResources(settings: EnvoySettings & { readonly tls: TlsSettings }): readonly Resource[] {
  return [certificate(settings.tls), redirectRoutes(settings)];
}

function lakeResources(settings: EnvoySettings & { readonly lake: LakeUpstream }): readonly Resource[] {
  return [
    lakeCluster(settings.lake),
    lakeListenerCluster(settings.socketDirectory),
    lakeReads(""),
    lakeListener(settings),
    lakeListenerRoutes(settings),
  ];
}

/**
 * A view's cluster and then its endpoints. They stay, without addresses, for some time after the view is awake. The same
 * again for those who have not signed in, if the view is or was public.
 */
export function viewResources(
  { door, ...view }: ViewEndpoints,
  { socketDirectory, authentication }: Pick<EnvoySettings, "socketDirectory" | "authentication">,
): readonly Resource[] {
  const own = [viewCluster(view.name), viewEndpoints(view, socketDirectory)];
  // Without sign-in, everybody uses the view's own cluster.
  if (door === undefined || authentication === "none") return own;
  const name = publicCluster(view.name);
  const behind = door === "open" ? view : { serving: [], draining: [...view.serving, ...view.draining] };
  return [...own, viewCluster(name, view.name), viewEndpoints({ ...behind, name }, socketDirectory)];
}
