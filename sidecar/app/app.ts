/** Builds the parts of the sidecar, each from the configuration and the parts before it, and runs them. */
import type { KubeConfig } from "@kubernetes/client-node";
import type { Config } from "@view-gateway/types";
import { WATCHED_LIMITS } from "../api/stream/progress_api.ts";
import { Quota } from "../async/quota.ts";
import { GrpcServer, type ServedMethod } from "../grpc/grpc_server.ts";
import { PodDrain } from "../health/pod_drain.ts";
import { type Handler, HttpServer } from "../http/http_server.ts";
import { logger } from "../logging.ts";
import { apiPart } from "./api_part.ts";
import { assignmentPart, assignmentPostsOf, deliveryBy } from "./assignment_part.ts";
import { authOf } from "./auth_part.ts";
import { type AppContext, appContext } from "./context.ts";
import { gatePart } from "./gate_part.ts";
import { grantsPart } from "./grants_part.ts";
import { healthAnswers } from "./health_answers.ts";
import { historyPart } from "./history_part.ts";
import { kubernetesPart } from "./kubernetes_part.ts";
import { lakePart } from "./lake_part.ts";
import { launcherOf } from "./launches.ts";
import { leasePart } from "./lease_part.ts";
import { runParts, type SidecarPart } from "./lifecycle.ts";
import { listeningPart } from "./listening_part.ts";
import { peopleOf } from "./people.ts";
import { poolPart } from "./pool_part.ts";
import type { ViewState } from "../view/state.ts";
import { routingPart } from "./routing_part.ts";
import { oidcPart } from "./oidc_part.ts";
import { startProbePart } from "./start_probe_part.ts";
import { startRepairPart } from "./start_repair_part.ts";
import { tlsPart } from "./tls_part.ts";
import { tracesPart } from "./traces_part.ts";

/** Milliseconds after which a part that does not stop is left. */
const STOP_LIMIT = 10_000;

export interface AppOptions {
  /** Where the API server is. Default: as kubectl finds it. */
  readonly load?: () => KubeConfig;
  /** Called with the port of probes and metrics, once the whole sidecar listens. */
  readonly onListening?: (port: number) => void;
}

/**
 * Runs the sidecar until the signal aborts; then it hands back the requests that it holds, and stops in bounded time.
 * Rejects where it cannot start, and on a fault of its own. Whatever else happens, it goes on.
 */
export async function runSidecar(config: Config, stop: AbortSignal, options: AppOptions = {}): Promise<void> {
  const ending = new AbortController();
  const context = await appContext(config, ending.signal);
  await runParts(partsOf(context, stop, options), {
    stop,
    ending,
    drainLimit: config.drainSeconds * 1000,
    stopLimit: STOP_LIMIT,
    pause: context.time.pause,
  });
}

/** The parts in the order in which they start. Probes come last: when they answer, Envoy can connect. */
function partsOf(context: AppContext, stop: AbortSignal, { load, onListening }: AppOptions): readonly SidecarPart[] {
  const { config } = context;
  const held = new Quota({ each: config.heldPerView, total: config.heldInAll });
  const bodies = new Quota({ each: config.heldBytesPerView, total: config.heldBytesInAll });
  const watched = new Quota(WATCHED_LIMITS);
  const drain = podDrainOf(context);
  const { closing } = drain;

  const watch = kubernetesPart(context, { onPodDeletion: () => drain.begin(), load });
  const { kubernetes, warn } = watch;
  const { views } = kubernetes;
  const people = peopleOf(context, kubernetes);
  const { access, session } = people;
  const bounds = grantsPart(context, kubernetes);
  const lease = leasePart(context, { kubernetes, held, watched });
  const { leases, requests } = lease;
  const routing = routingPart(context, { views, leases, held, sessions: session.verified });
  const { ads, publisher } = routing;
  const traced = tracesPart(context, { views, isUnderWay: (view) => past.isStarting(view) });
  const { traces } = traced;
  const past = historyPart(context, { views, acks: publisher, requests, traces });
  const oidc = oidcPart(context, { ads });
  const auth = authOf(context, { people, provider: oidc.provider, views });
  const posts = assignmentPostsOf(context);
  const delivery = deliveryBy(posts, kubernetes);
  const lakes = lakePart(context, { kubernetes, ads, openings: access.openings, delivery, warn, traces });
  const { lake } = lakes;
  const isAwaited = (view: string) => held.has(view) || watched.has(view);
  const starts = startProbePart(context, { kubernetes, isAwaited });
  const warm = poolPart(context, watch);
  const { pools } = warm;
  const launcher = launcherOf(context, { kubernetes, lake, pools, warn, traces });
  const launch = (view: ViewState) => launcher.launch(view);
  const repair = startRepairPart(context, { kubernetes, isAwaited, launch });
  const claimed = assignmentPart(context, { kubernetes, posts, lake, pools, isAwaited, launch, warn });
  const onAwaited = (view: string) => {
    claimed.assignments.update(view);
    starts.startProbes.update(view);
    repair.update(view);
  };
  const gates = gatePart(context, {
    ...{ views, launcher, acks: publisher, leases, requests, closing, held, bodies, openings: access.openings, traces },
    onHeld: onAwaited,
    hasCluster: (view) => publisher.version(view) !== undefined,
  });
  const serving = { kubernetes, access, auth, grants: bounds.grants, launcher, lake, publisher, watched, closing };
  const api = apiPart(context, { ...serving, history: past.history, onWatched: onAwaited });
  const tls = tlsPart(context);
  const { certificate } = tls;
  const { gate, authorization } = gates;
  const seen = { session, certificate, ads, gate, bodies, watched, pools: warm.counts, drain, stop };
  const health = healthAnswers(context, { ...serving, ...seen });

  const readers = [watch, bounds, tls, session, lease, routing, traced, past, oidc];
  const parts = [...readers, lakes, warm, claimed, starts, repair, gates, api];
  const methods = [routing.served, lease.served, ...lakes.served];
  return [...parts, ...servers(context, { methods, answers: api.answers, authorization, health, onListening })];
}

function podDrainOf({ config, time, signal }: AppContext): PodDrain {
  const { envoyAdminAddress: admin, drainSeconds } = config;
  return new PodDrain({ admin, limit: drainSeconds * 1000, pause: time.pause, signal });
}

interface Served {
  readonly methods: readonly ServedMethod[];
  readonly answers: Handler;
  readonly authorization: Handler;
  readonly health: Handler;
  readonly onListening: AppOptions["onListening"];
}

/** What Envoy, the kubelet and Prometheus connect to. */
function servers(
  { config, sockets }: AppContext,
  { methods, answers, authorization, health, onListening }: Served,
): readonly SidecarPart[] {
  return [
    listeningPart("gRPC server", () => GrpcServer.listen(sockets.grpc, methods)),
    listeningPart("HTTP server", () => HttpServer.onSocket(sockets.http, answers)),
    listeningPart("ext_authz server", () => HttpServer.onSocket(sockets.authorization, authorization)),
    listeningPart("probe server", () => {
      const server = HttpServer.onAddress(config.probeAddress, health);
      logger("sidecar").info("The sidecar listens", { socketDirectory: config.socketDirectory, probes: server.port });
      onListening?.(server.port);
      return Promise.resolve(server);
    }),
  ];
}
