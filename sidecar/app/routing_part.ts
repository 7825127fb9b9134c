import type { Sessions } from "../access/sessions.ts";
import type { Quota } from "../async/quota.ts";
import { constantResources, viewResources } from "../envoy/resources.ts";
import type { ServedMethod } from "../grpc/grpc_server.ts";
import type { Kubernetes } from "../kubernetes/kubernetes.ts";
import type { Leases } from "../lease/leases.ts";
import { logger } from "../logging.ts";
import { CLUSTER } from "../proto/resource.ts";
import { Publisher } from "../routing/publisher.ts";
import { ViewKeys } from "../routing/view_keys.ts";
import type { ViewState } from "../view/state.ts";
import { AdsServer } from "../xds/ads_server.ts";
import type { AppContext } from "./context.ts";
import type { SidecarPart } from "./lifecycle.ts";

export interface RoutingPart extends SidecarPart {
  readonly ads: AdsServer;
  readonly publisher: Publisher;
  readonly served: ServedMethod;
}

export interface RoutingNeeds {
  readonly views: Kubernetes<ViewState>["views"];
  readonly leases: Leases;
  /** The views that requests wait for. */
  readonly held: Quota;
  /** Undefined where nobody signs in. */
  readonly sessions?: Pick<Sessions, "jwks" | "onKeys"> | undefined;
}

/** Builds what sends the views of the snapshot to Envoy. */
export function routingPart(
  { config, envoy, metrics, time }: AppContext,
  { views, leases, held, sessions }: RoutingNeeds,
): RoutingPart {
  const ads = new AdsServer({ observer: metrics, log: logger("xds"), now: time.now });
  const publisher = new Publisher({
    xds: ads,
    resources: (view) => viewResources(view, envoy),
    drainsAt: (view) => leases.drainsAt(view),
    isHeld: (view) => held.has(view),
    grace: config.clusterGraceSeconds * 1000,
    now: time.now,
    pause: time.pause,
  });
  ads.publish({ set: constantResources(envoy), removed: [] });
  const keys = sessions && new ViewKeys(ads, sessions);
  ads.subscribe((type, names) => {
    if (type === CLUSTER) publisher.keep(names, (name) => views.get(name));
  });
  leases.subscribe((view) => publisher.refresh(view));
  views.subscribe((name, after) => publisher.update(name, after));
  const run = async (signal: AbortSignal) => {
    await views.untilSynced(signal);
    const count = views.snapshot.size;
    logger("sidecar").info("All {count} views are read; Envoy is given its configuration", { count });
    await keys?.untilKnown(signal);
    ads.start();
  };
  const stop = () => {
    keys?.stop();
    ads.stop();
    publisher.stop();
  };
  return { name: "xDS server", ads, publisher, served: ads.served, run, stop };
}
