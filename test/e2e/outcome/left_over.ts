import { batch, core, NAME_LABEL } from "../cluster/cluster.ts";
import { until } from "../until.ts";
import type { View } from "../gateway/view.ts";
import { straysIn } from "./strays.ts";

/** What is left of views that were deleted. */
export interface LeftOver {
  readonly jobs: number;
  readonly pods: number;
  readonly secrets: number;
  readonly services: number;
  /** What is wrong among all views and warm pools of the namespace. */
  readonly strays: readonly string[];
}

export const NOTHING_LEFT: LeftOver = { jobs: 0, pods: 0, secrets: 0, services: 0, strays: [] };

/** Milliseconds that Kubernetes may take to delete views with all that is theirs, and to fill the pools again. */
const LIMIT = 45_000;

async function leftOver(views: readonly View[]): Promise<LeftOver> {
  const { viewsNamespace: namespace } = views[0]!.gateway;
  const names = views.map(({ name }) => name);
  const selection = { namespace, labelSelector: `${NAME_LABEL} in (${names.join(",")})` };
  const lists = await Promise.all([
    batch.listNamespacedJob(selection),
    core.listNamespacedPod(selection),
    core.listNamespacedSecret(selection),
    core.listNamespacedService(selection),
  ]);
  const [jobs, pods, secrets, services] = lists.map(({ items }) => items.length);
  return { jobs: jobs!, pods: pods!, secrets: secrets!, services: services!, strays: await straysIn(namespace) };
}

/** Deletes views, each by one delete, and answers what is left of them after 45 s or as soon as nothing is. */
export async function leftOverOf(views: readonly View[]): Promise<LeftOver> {
  await Promise.all(views.map((view) => view.delete()));
  const gone = async () => {
    const { strays, ...counts } = await leftOver(views);
    return strays.length === 0 && Object.values(counts).every((count) => count === 0);
  };
  await until("nothing is left of the views", gone, { within: LIMIT, every: 500 }).catch(() => undefined);
  return leftOver(views);
}
