import type { Quota } from "../async/quota.ts";
import type { ServedMethod } from "../grpc/grpc_server.ts";
import type { Kubernetes } from "../kubernetes/kubernetes.ts";
import { LastRequests } from "../history/last_requests.ts";
import { Leases } from "../lease/leases.ts";
import { LoadReportService } from "../lease/load_report_service.ts";
import { SpentJobs } from "../lease/spent_jobs.ts";
import { logger } from "../logging.ts";
import { logRenewal } from "../telemetry/log_lines.ts";
import { termsOf } from "../view/lease.ts";
import type { ViewState } from "../view/state.ts";
import type { AppContext } from "./context.ts";
import type { SidecarPart } from "./lifecycle.ts";

export interface LeasePart extends SidecarPart {
  readonly leases: Leases;
  readonly requests: LastRequests;
  readonly served: ServedMethod;
}

export interface LeaseNeeds {
  readonly kubernetes: Kubernetes<ViewState>;
  /** The views that requests wait for, and the views whose pages are open in a browser. */
  readonly held: Quota;
  readonly watched: Quota;
}

/** Builds what renews the leases of views with traffic, and deletes the Jobs of views that fell asleep. */
export function leasePart(
  { config, metrics, time, signal }: AppContext,
  { kubernetes: { views, jobs }, held, watched }: LeaseNeeds,
): LeasePart {
  const log = logger("lease");
  const terms = ({ spec }: ViewState) => termsOf(spec ?? { subsets: [] }, config);
  const requests = new LastRequests({ terms, now: time.now });
  const leases = new Leases({
    views,
    jobs,
    terms,
    reportInterval: config.loadReportSeconds * 1000,
    now: time.now,
    signal,
    onFault: (view, error) => log.error("The lease of view {view} could not be renewed: {error}", { view, error }),
  });
  leases.subscribe((view, renewal) => {
    metrics.renewal(renewal);
    logRenewal(view, renewal);
  });
  const loadReports = new LoadReportService({
    seconds: config.loadReportSeconds,
    // What waits at the gate may have come there before Envoy had a cluster that could count it.
    onTraffic: (busy) => {
      leases.renewAll([...held.holders, ...watched.holders, ...busy]);
      // A view that is deleted may still have streams.
      requests.seen([...held.holders, ...busy].filter((name) => views.get(name) !== undefined));
    },
  });
  const spentJobs = new SpentJobs({
    view: (name) => views.get(name),
    jobs,
    ...time,
    signal,
    onError: (view, error) => log.warn("The spent Job of view {view} cannot be deleted: {error}", { view, error }),
  });
  views.subscribe((name, after, before) => {
    if (after === undefined) leases.forget(name);
    requests.changed(name, after, before);
    spentJobs.changed(name);
  });
  const stop = async () => {
    loadReports.stop();
    await spentJobs.stopped();
  };
  return { name: "leases", leases, requests, served: loadReports.served, stop };
}
