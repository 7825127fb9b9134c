import type { V1Pod } from "@kubernetes/client-node";
import { core, isReady, NAME_LABEL } from "../cluster/cluster.ts";
import { until } from "../until.ts";
import type { View } from "../gateway/view.ts";

/** On a claimed pod: the name of the pool's Job that it comes from. */
const CLAIMED_FROM = "view.yolean.se/claimed-from";

/** The pods of awake views. */
export interface ServingPods {
  /** How many pods come from each pool, by the name of its Job. */
  readonly claimed: Readonly<Record<string, number>>;
  /** How many pods their views started themselves. */
  readonly started: number;
  /** A line for each view that has not exactly one pod, which is ready. */
  readonly wrong: readonly string[];
}

/** Milliseconds in which Kubernetes deletes placeholders, and the kubelet tells of ready pods. */
const LIMIT = 30_000;

/** The pods of views that all are awake, as soon as each has exactly one pod or after 30 s. */
export async function servingPodsOf(views: readonly View[]): Promise<ServingPods> {
  const whole = async () => (await servingPods(views)).wrong.length === 0;
  await until("each view has one pod", whole, { within: LIMIT, every: 250 }).catch(() => undefined);
  return servingPods(views);
}

async function servingPods(views: readonly View[]): Promise<ServingPods> {
  const { viewsNamespace: namespace } = views[0]!.gateway;
  const names = views.map(({ name }) => name);
  const labelSelector = `${NAME_LABEL} in (${names.join(",")})`;
  const { items } = await core.listNamespacedPod({ namespace, labelSelector });
  const pods = items.filter(isAlive);
  const from = pods.map(({ metadata }) => metadata?.annotations?.[CLAIMED_FROM]);
  const claimed: Record<string, number> = {};
  for (const pool of from) if (pool !== undefined) claimed[pool] = (claimed[pool] ?? 0) + 1;
  return {
    claimed,
    started: from.filter((pool) => pool === undefined).length,
    wrong: names.flatMap((name) =>
      wrongWith(name, pods.filter(({ metadata }) => metadata?.labels?.[NAME_LABEL] === name))
    ),
  };
}

function isAlive({ metadata, status }: V1Pod): boolean {
  return metadata?.deletionTimestamp === undefined && /^(Pending|Running)$/.test(status?.phase ?? "");
}

function wrongWith(view: string, pods: readonly V1Pod[]): readonly string[] {
  if (pods.length === 1 && isReady(pods[0]!)) return [];
  const told = pods.map((pod) => {
    const { metadata, spec } = pod;
    return `${metadata!.name} ${spec?.schedulingGates ? "gated" : isReady(pod) ? "ready" : "not ready"}`;
  });
  return [`view ${view} with ${told.join(", ") || "no pod"}`];
}
