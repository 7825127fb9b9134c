import { setTimeout as pause } from "node:timers/promises";
import { loadKubeConfig } from "../../sidecar/kubernetes/credentials.ts";
import { Transport } from "../../sidecar/kubernetes/transport.ts";
import { CommandError } from "../process/command.ts";
import type { Kubectl } from "../deploy/kubectl.ts";
import type { LocalGateway } from "./local_gateway.ts";
import type { Namespaces } from "../deploy/namespaces.ts";
import { StartObserver } from "./observe_start.ts";
import { gatePassedAt } from "./gate_passed_at.ts";
import type { Moment } from "./timeline.ts";

/** Longer than a request may be held. */
const LIMIT = 150_000;

/** How long the kubelet may take to report a pod as ready that has answered already. */
const READY = 3_000;

/**
 * Sends a request to a view that is asleep, and answers the moments on its way, in order. All moments are of this machine's
 * clock, which the pods share.
 * @throws CommandError where the view does not answer 200
 */
export async function coldStart(
  gateway: LocalGateway,
  kubectl: Kubectl,
  namespaces: Namespaces,
  view: string,
  signal: AbortSignal,
): Promise<readonly Moment[]> {
  const transport = new Transport(loadKubeConfig);
  await using observer = await StartObserver.of(transport, namespaces.views, [view]);
  const requested = Date.now();
  const answer = await gateway.fetch(gateway.hostOf(view), "/", {
    signal: AbortSignal.any([signal, AbortSignal.timeout(LIMIT)]),
  });
  const answered = Date.now();
  const text = await answer.text();
  if (answer.status !== 200) throw new CommandError(`${gateway.urlOf(view)} answered ${answer.status}: ${text}`);

  const logs = await kubectl.run([
    "logs",
    `--namespace=${namespaces.gateway}`,
    "--selector=app.kubernetes.io/name=view-gateway",
    "--container=sidecar",
    "--tail=1000",
  ], { signal });
  // The gateway's own probe may be faster than the kubelet's.
  for (const end = answered + READY; observer.startOf(view).podServing === undefined && Date.now() < end;) {
    await pause(50, undefined, { signal });
  }
  const { jobCreated, podScheduled, containerStarted, podAddressed, podServing } = observer.startOf(view);
  const watch = (what: string) => `watch: ${what}`;
  const moments: readonly Moment[] = [
    { what: "request in", at: requested, how: "client: sends GET /" },
    { what: "Job created", at: jobCreated, how: watch("the Job exists") },
    { what: "pod scheduled", at: podScheduled, how: watch("the pod has a node") },
    { what: "container started", at: containerStarted, how: watch("the kubelet reports that the container runs") },
    { what: "pod has an address", at: podAddressed, how: watch("the kubelet reports it") },
    { what: "pod serving", at: podServing, how: watch("the kubelet reports that it is ready") },
    {
      what: "Envoy ACKed",
      at: gatePassedAt(logs, view, requested),
      how: "sidecar's log: the gate lets the request through after Envoy's ACK of the endpoints",
    },
    { what: "first byte out", at: answered, how: "client: has the head of the answer" },
  ];
  return moments.toSorted((a, b) => (a.at ?? Infinity) - (b.at ?? Infinity) || 0);
}
