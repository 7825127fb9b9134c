/** This folder decides whether the gateway is ready, notices stalls, and drains Envoy when the pod is deleted. */
import type { Readiness } from "../api/probes.ts";
import type { KubernetesHealth } from "../kubernetes/watch/watch_health.ts";
import type { AdsStatus } from "../xds/ads_server.ts";

/** What readiness depends on. */
export interface ReadinessInputs {
  readonly draining: boolean;
  /** Whether the snapshot held all views at some time. */
  readonly synced: boolean;
  /** Whether an Envoy had ACKed all of its resources at some time. */
  readonly served: boolean;
  readonly health: KubernetesHealth;
  /** Why nobody gets new subsets; undefined where grants can be used, or bound nothing. */
  readonly unusableGrants?: string | undefined;
  /** What is wrong with the session keys; undefined where nothing is, or nobody signs in. */
  readonly keysProblem?: string | undefined;
  /** What is wrong with the certificate for clients, each the end of a sentence. */
  readonly certificateProblems?: readonly string[];
  readonly ads: Pick<AdsStatus, "streams">;
  /** Seconds for which a healthy watch may be silent. */
  readonly silenceLimit: number;
}

/**
 * Ready from the first full sync and Envoy's first ACK until the drain. Nothing else takes a gateway out of service: a bad
 * view, or an API server that is away, affects all gateways at the same time.
 */
export function readinessOf(
  { draining, synced, served, health, unusableGrants, keysProblem, certificateProblems = [], ads, silenceLimit }:
    ReadinessInputs,
): Readiness {
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
    ...unusableGrants === undefined ? [] : [`Nobody gets new subsets. ${unusableGrants}`],
    ...keysProblem === undefined ? [] : [keysProblem],
    ...certificateProblems.map((problem) => `In TLS_DIRECTORY, ${problem}.`),
    ...ads.streams.flatMap(({ node, nacks }) =>
      nacks.map(({ type, name, message }) => `Envoy ${node} refuses ${type.replace(/.*[./]/, "")} ${name}: ${message}`)
    ),
  ];
  return { ready: reasons.length === 0, reasons, warnings };
}
