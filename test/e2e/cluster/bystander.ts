import { core, ifThere } from "./cluster.ts";
import { until } from "../until.ts";

/** A pod that is no view's. */
export interface Bystander {
  readonly namespace: string;
  readonly name: string;
  /** Of the example's page, which serves on port 8080. */
  readonly image: string;
  readonly labels?: Readonly<Record<string, string>>;
}

/** Starts a bystander, and answers its address. It is deleted at the end of the scope. */
export async function startBystander(
  { namespace, name, image, labels = {} }: Bystander,
): Promise<
  { readonly pod: string; readonly address: string } & AsyncDisposable
> {
  const readinessProbe = {
    httpGet: { path: "/healthz", port: 8080 },
    periodSeconds: 1,
  };
  const spec = {
    terminationGracePeriodSeconds: 0,
    containers: [{ name: "page", image, readinessProbe }],
  };
  await core.createNamespacedPod({
    namespace,
    body: { metadata: { name, labels: { ...labels } }, spec },
  });
  const remove = async () => {
    await ifThere(core.deleteNamespacedPod({ namespace, name }));
  };
  try {
    const address = await until(`pod ${name} is ready`, async () => {
      const { status } = await core.readNamespacedPod({ namespace, name });
      const ready = status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True");
      return ready === true && status?.podIP;
    });
    return { pod: name, address, [Symbol.asyncDispose]: remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** A namespace until the end of the scope. */
export async function startNamespace(name: string): Promise<AsyncDisposable> {
  await core.createNamespace({ body: { metadata: { name } } });
  return {
    async [Symbol.asyncDispose]() {
      await ifThere(core.deleteNamespace({ name }));
    },
  };
}
