import { setTimeout as pause } from "node:timers/promises";
import { loadKubeConfig } from "../../sidecar/kubernetes/credentials.ts";
import { Transport } from "../../sidecar/kubernetes/transport.ts";
import { CommandError } from "../process/command.ts";
import type { Kubectl } from "../deploy/kubectl.ts";
import type { LocalGateway } from "./local_gateway.ts";
import type { Namespaces } from "../deploy/namespaces.ts";
import { type Start, StartObserver } from "./observe_start.ts";
import { gatePassedAt } from "./gate_passed_at.ts";
import type { Moment } from "./timeline.ts";

/** Longer than a request may be held. */
const LIMIT = 150_000;

/** How long Kubernetes may take to report a pod as ready, or as assigned, that has answered already. */
const REPORT = 3_000;

/**
 * Sends a request to a view that is asleep, and answers the moments on its way, in order. All moments are of this machine's
 * clock, which the pods share.
 * @throws CommandError where the view does not answer 200
 */
export async function timedWake(
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
  // The gateway learns before Kubernetes reports it that a pod is ready, or assigned.
  const isReported = ({ podClaimed, podAssigned, podServing }: Start) =>
    (podClaimed === undefined ? podServing : podAssigned) !== undefined;
  for (const end = answered + REPORT; !isReported(observer.startOf(view)) && Date.now() < end;) {
    await pause(50, undefined, { signal });
  }
  const moments: readonly Moment[] = [
    { what: "request in", at: requested, how: "client: sends GET /" },
    ...stepsOf(observer.startOf(view)),
    {
      what: "Envoy ACKed",
      at: gatePassedAt(logs, view, requested),
      how: "sidecar's log: the gate lets the request through after Envoy's ACK of the endpoints",
    },
    { what: "first byte out", at: answered, how: "client: has the head of the answer" },
  ];
  return moments.toSorted((a, b) => (a.at ?? Infinity) - (b.at ?? Infinity) || 0);
}

/** Kubernetes' part of a start: a warm one takes a pod that runs already. */
export function stepsOf(start: Readonly<Start>): readonly Moment[] {
  const { jobCreated, podClaimed, podAssigned, podScheduled, containerStarted, podAddressed, podServing } = start;
  const watch = (what: string, at: number | undefined, how: string): Moment => ({ what, at, how: `watch: ${how}` });
  const created = watch("Job created", jobCreated, "the Job exists");
  if (podClaimed !== undefined) {
    return [
      created,
      watch("pod claimed", podClaimed, "a pod of the pool belongs to the Job"),
      watch("pod assigned", podAssigned, "its annotation says so, written after it has answered"),
    ];
  }
  return [
    created,
    watch("pod scheduled", podScheduled, "the pod has a node"),
    watch("container started", containerStarted, "the kubelet reports that the container runs"),
    watch("pod has an address", podAddressed, "the kubelet reports it"),
    watch("pod serving", podServing, "the kubelet reports it as ready"),
  ];
}
