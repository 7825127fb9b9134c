import { NetworkingV1Api, type V1NetworkPolicy } from "@kubernetes/client-node";
import { config } from "./cluster.ts";

const networking = config.makeApiClient(NetworkingV1Api);

/** Removes all NetworkPolicies of these namespaces until the end of the scope. */
export async function withoutNetworkPolicies(
  namespaces: readonly string[],
): Promise<AsyncDisposable> {
  const lists = await Promise.all(
    namespaces.map((namespace) => networking.listNamespacedNetworkPolicy({ namespace })),
  );
  const policies = lists.flatMap(({ items }) => items);
  for (const { metadata } of policies) {
    await networking.deleteNamespacedNetworkPolicy({
      namespace: metadata!.namespace!,
      name: metadata!.name!,
    });
  }
  return {
    async [Symbol.asyncDispose]() {
      for (const policy of policies) await create(policy);
    },
  };
}

async function create({ metadata, spec }: V1NetworkPolicy): Promise<void> {
  const { name, namespace, labels, annotations } = metadata!;
  const kept = {
    name: name!,
    namespace: namespace!,
    ...labels && { labels },
    ...annotations && { annotations },
  };
  await networking.createNamespacedNetworkPolicy({
    namespace: namespace!,
    body: { metadata: kept, spec: spec! },
  });
}
