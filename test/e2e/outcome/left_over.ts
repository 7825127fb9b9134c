import { batch, core, NAME_LABEL } from "../cluster/cluster.ts";
import { until } from "../until.ts";
import type { View } from "../gateway/view.ts";

/** How many objects of views a namespace has. */
export interface LeftOver {
  readonly jobs: number;
  readonly secrets: number;
  readonly services: number;
}

async function leftOver(views: readonly View[]): Promise<LeftOver> {
  const { viewsNamespace: namespace } = views[0]!.gateway;
  const names = views.map(({ name }) => name);
  const selection = { namespace, labelSelector: `${NAME_LABEL} in (${names.join(",")})` };
  const lists = await Promise.all([
    batch.listNamespacedJob(selection),
    core.listNamespacedSecret(selection),
    core.listNamespacedService(selection),
  ]);
  const [jobs, secrets, services] = lists.map(({ items }) => items.length);
  return { jobs: jobs!, secrets: secrets!, services: services! };
}

/** Deletes views, each by one delete, and answers what is left of them after 45 s or as soon as nothing is. */
export async function leftOverOf(views: readonly View[]): Promise<LeftOver> {
  await Promise.all(views.map((view) => view.delete()));
  const gone = async () => Object.values(await leftOver(views)).every((count) => count === 0);
  await until("nothing is left of the views", gone, { within: 45_000, every: 500 }).catch(() => undefined);
  return leftOver(views);
}
