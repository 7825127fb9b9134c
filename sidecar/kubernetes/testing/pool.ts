import type { V1Job, V1Pod } from "@kubernetes/client-node";
import type { PoolPod } from "../../view/claim.ts";
import { eventually } from "../../testing/eventually.ts";
import type { Namespace } from "./namespace.ts";

/** A pod as the API server sends it. */
export type StoredPod = V1Pod & { readonly metadata: NonNullable<V1Pod["metadata"]> & { readonly name: string } };

/** The pods of a namespace with these labels. */
export async function podsOf({ call }: Namespace, selector = ""): Promise<readonly StoredPod[]> {
  const { items } = await call("GET", `api/v1/pods?labelSelector=${encodeURIComponent(selector)}`) as unknown as {
    readonly items: readonly StoredPod[];
  };
  return items;
}

/** Creates a Job, and returns its UID. */
export async function storeJob({ call }: Namespace, job: V1Job): Promise<string> {
  return (await call("POST", "apis/batch/v1/jobs", job)).metadata.uid;
}

/** A Job as a pool has it, with pods of these annotations. */
export function poolJob(name: string, size: number, annotations: Readonly<Record<string, string>> = {}): V1Job {
  const labels = { "view.yolean.se/pool": name };
  return {
    metadata: { name, labels },
    spec: {
      ...{ parallelism: size, completions: 2147483647, backoffLimit: 2147483647 },
      ...{ activeDeadlineSeconds: 600, ttlSecondsAfterFinished: 0 },
      template: {
        metadata: { labels, annotations: { "view.yolean.se/assign": "/_gate/assign", ...annotations } },
        spec: {
          terminationGracePeriodSeconds: 1,
          restartPolicy: "Never",
          containers: [{ name: "view", image: "example.test/view:1", ports: [{ name: "http", containerPort: 8080 }] }],
        },
      },
    },
  };
}

/** A pool whose pods are ready, as claims see it. */
export async function startPool(
  namespace: Namespace,
  size: number,
  annotations: Readonly<Record<string, string>> = {},
): Promise<readonly PoolPod[]> {
  const name = "warm";
  const uid = await storeJob(namespace, poolJob(name, size, annotations));
  const ready = async () =>
    (await podsOf(namespace, `view.yolean.se/pool=${name}`)).filter(({ status }) =>
      status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True")
    );
  await eventually(`${size} ready pods in the pool`, async () => (await ready()).length === size);
  return (await ready()).map(({ metadata }) => ({
    name: metadata.name,
    uid: metadata.uid ?? "",
    job: { name, uid },
  }));
}
