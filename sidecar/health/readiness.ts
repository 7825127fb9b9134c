import type { Readiness } from "../api/probes.ts";
import type { KubernetesHealth } from "../kubernetes/kubernetes.ts";
import type { AdsStatus } from "../xds/ads_server.ts";

/** What readiness follows from. */
export interface ReadinessInputs {
  readonly draining: boolean;
  /** Whether the snapshot holds, or once held, all that there was. */
  readonly synced: boolean;
  /** Whether an Envoy has, or once had, taken all that there was for it. */
  readonly served: boolean;
  readonly health: KubernetesHealth;
  readonly ads: Pick<AdsStatus, "streams">;
  /** Seconds that a healthy watch may say nothing. */
  readonly silenceLimit: number;
}

/**
 * Ready from the first full sync and Envoy's first ACK until it drains. Nothing else takes a gateway out of service: one
 * bad view, or an absent API server, is every gateway's trouble at the same time.
 */
export function readinessOf({ draining, synced, served, health, ads, silenceLimit }: ReadinessInputs): Readiness {
  const reasons = [
    ...draining ? ["The gateway ends."] : [],
    ...synced ? [] : ["The views have not been read from Kubernetes yet."],
    ...served ? [] : ["Envoy has not taken its listeners yet."],
  ];
  const stale = Object.entries(health.watches).filter(([, { age }]) => age > silenceLimit);
  const warnings = [
    ...health.reachable ? [] : ["The API server of Kubernetes does not answer."],
    ...stale.map(([resource, { age }]) =>
      Number.isFinite(age)
        ? `The watch of ${resource} has heard nothing for ${Math.round(age)} s.`
        : `The watch of ${resource} has never heard anything.`
    ),
    ...ads.streams.flatMap(({ node, nacks }) =>
      nacks.map(({ type, name, message }) => `Envoy ${node} refuses ${type.replace(/.*[./]/, "")} ${name}: ${message}`)
    ),
  ];
  return { ready: reasons.length === 0, reasons, warnings };
}
