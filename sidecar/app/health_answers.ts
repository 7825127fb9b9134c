import { probes, type Readiness } from "../api/probes.ts";
import type { Quota } from "../async/quota.ts";
import type { Gate } from "../gate/gate.ts";
import type { PodDrain } from "../health/pod_drain.ts";
import { readinessOf } from "../health/readiness.ts";
import { clientAnswers } from "../http/client_answers.ts";
import type { Handler } from "../http/http_server.ts";
import type { Kubernetes } from "../kubernetes/kubernetes.ts";
import { SILENCE_LIMIT } from "../kubernetes/watch/reflector.ts";
import type { Grants } from "../view/grants.ts";
import type { PoolCounts } from "../view/pool_pods.ts";
import { invalidTemplates } from "../view/templates.ts";
import type { ViewState } from "../view/state.ts";
import type { AdsServer } from "../xds/ads_server.ts";
import { shortType } from "../telemetry/label_values.ts";
import type { CertificateReadings } from "../telemetry/readings.ts";
import type { AppContext } from "./context.ts";
import type { SessionPart } from "./session_part.ts";

export interface HealthNeeds {
  readonly certificate: CertificateReadings | undefined;
  readonly kubernetes: Kubernetes<ViewState>;
  readonly grants: () => Grants;
  readonly session: Pick<SessionPart, "verified" | "keys">;
  readonly ads: AdsServer;
  readonly gate: Gate;
  readonly bodies: Quota;
  /** The views whose pages are open. */
  readonly watched: Quota;
  readonly pools: () => readonly PoolCounts[];
  readonly drain: PodDrain;
  /** Aborts to request the stop of the sidecar. */
  readonly stop: AbortSignal;
}

/** Builds the answers to the kubelet and to Prometheus. */
export function healthAnswers(
  { metrics, time }: AppContext,
  needs: HealthNeeds,
): Handler {
  const { certificate, kubernetes, grants, session, ads, gate, bodies, watched, pools, drain, stop } = needs;
  let served = false;
  const readiness = (): Readiness => {
    const status = ads.status();
    const granted = grants();
    served ||= status.streams.some(({ served }) => served);
    return readinessOf({
      draining: stop.aborted || drain.began,
      synced: kubernetes.views.synced,
      served,
      health: kubernetes.health,
      unusableGrants: granted.kind === "unusable" ? granted.cause : undefined,
      keysProblem: session.verified && session.keys.problem,
      certificateProblems: certificate?.problems ?? [],
      ads: status,
      silenceLimit: SILENCE_LIMIT,
    });
  };
  const startedAt = time.clock();
  metrics.read({
    ready: () => readiness().ready,
    held: () => gate.held,
    heldBytes: () => bodies.used,
    openPages: () => watched.used,
    // Before a watch has heard anything, its age is that of the sidecar.
    watchAges: () => {
      const most = (time.clock() - startedAt) / 1000;
      const ages = Object.entries(kubernetes.health.watches);
      return Object.fromEntries(ages.map(([name, { age }]) => [name, Math.min(age, most)]));
    },
    pools,
    unusable: () => ({
      templates: kubernetes.views.synced ? invalidTemplates(kubernetes.templates).length : 0,
      grants: Number(grants().kind === "unusable"),
      "session keys": Number(session.verified !== undefined && session.keys.problem !== undefined),
    }),
    // The newest stream is that of the Envoy that runs.
    refused: () => ads.status().streams.at(-1)?.nacks.map(({ type }) => shortType(type)) ?? [],
    certificate,
  });
  return clientAnswers(probes({ readiness, metrics }).fetch);
}
