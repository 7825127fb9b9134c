import type { KubeConfig } from "@kubernetes/client-node";
import type { Config } from "@view-gateway/types";
import { Leases } from "../lease/leases.ts";
import { LoadReportService } from "../lease/load_report_service.ts";
import { SpentJobs } from "../lease/spent_jobs.ts";
import { phaseAnswers } from "../api/phase_answers.ts";
import { probes } from "../api/probes.ts";
import { ProgressApi, WATCHED_LIMITS } from "../api/progress.ts";
import { templateProblems } from "../api/template_problems.ts";
import { viewsApi } from "../api/views.ts";
import { clientAnswers } from "../http/client_answers.ts";
import { Kubernetes } from "../kubernetes/kubernetes.ts";
import { SILENCE_LIMIT } from "../kubernetes/watch/reflector.ts";
import { costOf } from "../envoy/held_bodies.ts";
import { constantResources, viewResources } from "../envoy/resources.ts";
import { socketsIn } from "../envoy/sockets.ts";
import { gateToken } from "../gate/gate_token.ts";
import { authorizationService } from "../gate/authorization_service.ts";
import { answer } from "../denial/denial.ts";
import { denialAnswers } from "../denial/denial_answers.ts";
import { Gate } from "../gate/gate.ts";
import { launchDenial } from "../denial/launch_denial.ts";
import { Launcher } from "../launch/launcher.ts";
import { PodProbe } from "../start_probe/pod_probe.ts";
import { StartFailures } from "../launch/start_failures.ts";
import { StartProbes } from "../start_probe/start_probes.ts";
import { GrpcServer } from "../grpc/grpc_server.ts";
import { HttpServer } from "../http/http_server.ts";
import { Lake, NO_LAKE } from "../lake/lake.ts";
import { lakeOf } from "../lake/settings.ts";
import { logger } from "../logging.ts";
import {
  logEvent,
  logFault,
  logLaunch,
  logPhase,
  logProbed,
  logRenewal,
  logTemplates,
  logTrouble,
  logVerdict,
} from "../telemetry/log_lines.ts";
import { Metrics } from "../telemetry/metrics.ts";
import { PodDrain } from "../health/pod_drain.ts";
import { Publisher } from "../routing/publisher.ts";
import { StallDetector } from "../health/stall_detector.ts";
import { readinessOf } from "../health/readiness.ts";
import { CLUSTER } from "../proto/resource.ts";
import { Servers } from "../http/servers.ts";
import { aborted } from "../async/aborted.ts";
import { pause } from "../async/pause.ts";
import { Quota } from "../async/quota.ts";
import { Deadline } from "../async/deadline.ts";
import { isOnlyFoundByLaunch, needsChange } from "../view/cause.ts";
import { derive } from "../view/derive.ts";
import { type Warning, warningOf } from "../view/warning.ts";
import { termsOf } from "../view/lease.ts";
import { type Startable, startOf } from "../view/start.ts";
import { requiredLabels } from "../view/selector.ts";
import { isRunning, type ViewState } from "../view/state.ts";
import { AdsServer } from "../xds/ads_server.ts";

/** Milliseconds that one launch may take until Kubernetes has a pod, or tells why it has none. */
const LAUNCH_LIMIT = 30_000;

/** Milliseconds for connections to end that have been told to. */
const CLOSE_LIMIT = 2_000;

export interface AppOptions {
  /** Where the API server is; as kubectl finds it unless told. */
  readonly load?: () => KubeConfig;
  /** Told where probes and metrics listen, once all of the sidecar does. */
  readonly onListening?: (port: number) => void;
}

/**
 * Runs the sidecar until the signal aborts; then it hands back what it holds and stops, in bounded time. Rejects where
 * it cannot start, and on a fault of its own: whatever else may happen, it goes on.
 */
export async function run(config: Config, stop: AbortSignal, { load, onListening }: AppOptions = {}): Promise<void> {
  const { baseHost, holdSeconds, namespace, socketDirectory } = config;
  const sockets = socketsIn(socketDirectory);
  const required = requiredLabels(config.viewSelector) ?? {};
  const log = logger("sidecar");
  const now = () => performance.now();
  /** Aborted when nothing is held any more, or may be. */
  const ending = new AbortController();
  const end = () => ending.abort(new Error("The sidecar stops."));

  const drain = new PodDrain({
    admin: config.envoyAdminAddress,
    limit: config.drainSeconds * 1000,
    signal: ending.signal,
  });

  // who waits here
  const held = new Quota({ perView: config.heldPerView, total: config.heldInAll });
  const bodies = new Quota({ perView: config.heldBytesPerView, total: config.heldBytesInAll });
  const watched = new Quota(WATCHED_LIMITS);

  // Kubernetes → the snapshot of all views
  const cluster: Kubernetes<ViewState> = new Kubernetes({
    namespace,
    selector: config.viewSelector,
    bounds: config,
    podName: config.podName || undefined,
    onPodDeletion: () => drain.begin(),
    templates: { configMap: config.templatesConfigMap, defaultName: config.defaultTemplate },
    onTemplates: logTemplates,
    derive: (objects, previous, templates) => derive(objects, previous, (view) => startOf(view, templates, required)),
    onTrouble: logTrouble,
    ...load && { load },
  });
  const { views } = cluster;

  // the snapshot → Envoy
  const metrics = new Metrics();
  const ads = new AdsServer({
    observer: metrics,
    log: logger("xds"),
    onBrought: (type, names) => {
      if (type === CLUSTER) publisher.keep(names, (name) => views.get(name));
    },
  });
  const lakeSettings = lakeOf(config);
  const settings = { ...config, gateToken: await gateToken(socketDirectory), lake: lakeSettings };
  ads.publish({ set: constantResources(settings), removed: [] });
  const leases = new Leases({
    views,
    jobs: cluster.jobs,
    terms: ({ spec }) => termsOf(spec ?? { subsets: [] }, config),
    look: config.loadReportSeconds * 1000,
    now: Date.now,
    signal: ending.signal,
    onRenewal: (view, renewal) => {
      metrics.renewal(renewal);
      logRenewal(view, renewal);
      publisher.refresh(view);
    },
    onFault: (view, error) => log.error("The lease of view {view} could not be renewed: {error}", { view, error }),
  });
  const publisher: Publisher = new Publisher({
    xds: ads,
    resources: (view) => viewResources(view, settings),
    drainsAt: (view) => leases.drainsAt(view),
    isHeld: (view) => held.has(view),
    grace: config.clusterGraceSeconds * 1000,
    now: Date.now,
  });
  const tell = (view: Pick<ViewState, "name" | "uid">, notice: Warning) => {
    cluster.events.warn(view, notice, ending.signal).then(
      (told) => logEvent(view.name, told),
      // The sidecar stops.
      () => {},
    );
  };
  let running = 0;
  views.subscribe((name, after, before) => {
    const notice = warningOf(after, before);
    if (after && notice) tell(after, notice);
    running += Number(isRunning(after)) - Number(isRunning(before));
    metrics.phase(before?.phase.kind, after?.phase.kind);
    logPhase(name, before, after);
    publisher.update(name, after);
    if (after === undefined) leases.forget(name);
    lake?.update(name, after, before);
    failures.changed(name, after);
    startProbes.look(name);
    spentJobs.look(name);
  });

  // subsets → credentials, and signed requests
  const lake = lakeSettings && new Lake({
    settings: lakeSettings,
    views,
    secrets: cluster.secrets,
    variable: (name) => Deno.env.get(name),
    required,
    baseHost,
    socketDirectory,
    gateToken: settings.gateToken,
    now: Date.now,
    clock: now,
    random: Math.random,
    pause,
    signal: ending.signal,
    log: logger("lake"),
    onWarning: (view, notice) => tell(view, notice),
    onAssumed: (cause) => metrics.assumed(cause === undefined),
    onRequest: (_view, outcome) => metrics.lakeRequest(outcome),
  });

  // a request for a view that is not awake → its launch, and its wait
  const launcher = new Launcher({
    views,
    jobs: cluster.jobs,
    start: (view: Startable) => startOf(view, cluster.templates, required),
    podLake: lakeSettings,
    credentials: lake ?? NO_LAKE,
    required,
    terms: (spec) => termsOf(spec, config),
    limits: { launches: config.launchesAtOnce, running: config.runningViews },
    running: () => running,
    timeout: LAUNCH_LIMIT,
    signal: ending.signal,
    onOutcome: (view, outcome, uid) => {
      metrics.launch(outcome);
      logLaunch(view, outcome);
      if (outcome.kind === "failed") {
        failures.refused(view, outcome.cause);
        if (isOnlyFoundByLaunch(outcome.cause)) cluster.refused(view, { uid, cause: outcome.cause });
      } else if (outcome.kind === "launched" && outcome.created) failures.made(view, outcome.created);
    },
    onFault: logFault,
    now: Date.now,
    pause,
  });
  const failures = new StartFailures({
    view: (name) => views.get(name),
    onFailure: (view, cause) => {
      const { reason, message } = cause;
      metrics.startFailure(reason);
      // That has a notice of its own, whether the view is started or not.
      if (!needsChange(cause)) tell(view, { reason: "StartFailed", message: `${reason}: ${message}` });
    },
  });
  const gate = new Gate({
    views,
    synced: () => views.synced,
    launcher,
    acks: publisher,
    leases,
    holdSeconds,
    held,
    bodies,
    now: Date.now,
    stopping: ending.signal,
    closing: drain.closing,
    onFault: logFault,
    onHeld: (view) => startProbes.look(view),
  });

  // a pod that starts, and somebody who waits for it → the gateway's own word that it serves
  const podProbe = new PodProbe(
    socketDirectory,
    (error) => log.warn("Pods that start cannot be probed; the kubelet's probes are waited for: {error}", { error }),
  );
  const startProbes = new StartProbes({
    view: (name) => views.get(name),
    waited: (view) => held.has(view) || watched.has(view),
    serves: (probe, signal) => podProbe.serves(probe, signal),
    onServing: (view, { pod }, milliseconds) => {
      metrics.probedStart("gateway");
      logProbed(view, milliseconds);
      cluster.probed(view, { uid: pod });
    },
    onOvertaken: () => metrics.probedStart("kubelet"),
    pause,
    now,
  });

  const stalls = new StallDetector(now);
  const authorization = authorizationService({
    gate,
    baseHost,
    gateToken: settings.gateToken,
    holdSeconds,
    costOf: (body) => costOf(body, config.requestBodyBufferLimitBytes),
    stalled: () => stalls.stalled,
    now,
    onVerdict: (view, verdict, milliseconds) => {
      metrics.gate(verdict, milliseconds / 1000);
      logVerdict(view, verdict, milliseconds);
    },
  });

  // a view that fell asleep → one object again
  const spentJobs = new SpentJobs({
    view: (name) => views.get(name),
    jobs: cluster.jobs,
    pause,
    random: Math.random,
    signal: ending.signal,
    onTrouble: (view, error) => log.warn("The Job that view {view} has left stays: {error}", { view, error }),
  });

  // traffic → leases
  const loadReports = new LoadReportService({
    seconds: config.loadReportSeconds,
    // What waits at the gate may have come there before Envoy had a cluster that could count it.
    onTraffic: (views) => leases.traffic([...held.views, ...watched.views, ...views]),
  });

  // people → the views
  const api = viewsApi({
    views,
    services: cluster.services,
    restart: async (view) => {
      const outcome = await launcher.launch(view);
      if (outcome.kind === "failed" || outcome.kind === "paused") return outcome;
      const denial = launchDenial(view.name, outcome);
      return denial === undefined ? { kind: "launched" } : { kind: "denied", ...answer(denial) };
    },
    templateProblems: (template) => views.synced ? templateProblems(template, cluster.templates, required) : [],
    lake,
    limit: config.existingViews,
    bounds: config,
    baseHost,
    bodyLimitBytes: config.bodyLimitBytes,
    required,
  });
  using streaming = new Deadline([ending.signal, drain.closing]);
  const progress = new ProgressApi({
    views,
    acks: publisher,
    baseHost,
    signal: streaming.signal,
    watched,
    onWatched: (view) => startProbes.look(view),
  });
  api.route("/", progress.routes);

  metrics.read({
    held: () => gate.held,
    heldBytes: () => bodies.used,
    watchAges: () => Object.fromEntries(Object.entries(cluster.health.watches).map(([name, { age }]) => [name, age])),
  });
  let served = false;
  const readiness = () => {
    const status = ads.status();
    served ||= status.streams.some(({ served }) => served);
    return readinessOf({
      draining: stop.aborted || drain.began,
      synced: views.synced,
      served,
      health: cluster.health,
      ads: status,
      silenceLimit: SILENCE_LIMIT,
    });
  };

  const watching = cluster.run(ending.signal);
  const giving = views.untilSynced(ending.signal).then(() => {
    log.info("All {count} views are read; Envoy is given its configuration", { count: views.snapshot.size });
    ads.start();
  });
  const beating = stalls.run(pause, ending.signal);
  const sweeping = lake?.run(ending.signal);
  const failed = Promise.all([watching, giving, beating, sweeping]);
  failed.catch(() => {});
  try {
    await using servers = new Servers(end);
    const grpc = await GrpcServer.listen(sockets.grpc, [
      ads.served,
      loadReports.served,
      ...lake ? [lake.served] : [],
    ]);
    servers.add(() => grpc.stop(CLOSE_LIMIT));
    servers.add(() => ads.stop());
    servers.add(() => loadReports.stop());
    const http = await HttpServer.onSocket(
      sockets.http,
      clientAnswers(denialAnswers({ ...settings, views, now: Date.now }, phaseAnswers({ views, baseHost }, api.fetch))),
    );
    servers.add(() => http.stop(CLOSE_LIMIT));
    const checks = await HttpServer.onSocket(sockets.authorization, authorization);
    servers.add(() => checks.stop(CLOSE_LIMIT));
    const probing = HttpServer.onAddress(config.probeAddress, clientAnswers(probes({ readiness, metrics }).fetch));
    servers.add(() => probing.stop(CLOSE_LIMIT));
    log.info("The sidecar listens", { socketDirectory, probes: probing.port });
    onListening?.(probing.port);

    await Promise.race([aborted(stop), failed]);
    log.info("The sidecar stops; {held} requests are held", { held: gate.held });
    await untilNoneHeld(gate, config.drainSeconds * 1000);
  } finally {
    end();
    await startProbes.stop();
    await spentJobs.stopped();
    podProbe.close();
    await lake?.stop();
    publisher.stop();
    drain.stop();
    await Promise.allSettled([watching, giving, beating, sweeping]);
  }
}

/** Most of what is held is answered within seconds; what is not is handed back, and asked again of the next sidecar. */
async function untilNoneHeld(gate: Pick<Gate, "held">, milliseconds: number): Promise<void> {
  const until = performance.now() + milliseconds;
  while (gate.held > 0 && performance.now() < until) await pause(50);
}
