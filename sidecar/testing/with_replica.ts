import type { Config } from "@view-gateway/types";
import type { Namespace } from "../kubernetes/testing/namespace.ts";
import { type HttpRequest, sendRequest } from "../envoy/testing/http_client.ts";
import { Replica } from "./replica.ts";

/** The pod of a test's view. */
export interface ViewPodOptions {
  readonly annotations?: Readonly<Record<string, string>>;
  readonly labels?: Readonly<Record<string, string>>;
  readonly spec?: object;
  /** Members of the Job's own spec. */
  readonly job?: object;
  readonly port?: { readonly name?: string; readonly containerPort: number };
}

/** The workload template of such a pod. */
export function podTemplate(
  { annotations, labels, spec, job, port = { name: "http", containerPort: 8080 } }: ViewPodOptions = {},
): string {
  const containers = [{ name: "view", image: "example.test/view:1", ports: [port] }];
  return JSON.stringify({
    apiVersion: "batch/v1",
    kind: "Job",
    spec: {
      ...job,
      template: {
        metadata: { annotations: annotations ?? {}, labels: labels ?? {} },
        spec: { terminationGracePeriodSeconds: 1, containers, ...spec },
      },
    },
  });
}

/** Starts a gateway whose view `hello` runs as this pod. */
export async function withReplica(
  namespace: Namespace,
  pod: ViewPodOptions,
  use: (replica: Replica, asked: (more?: Partial<HttpRequest>) => ReturnType<typeof sendRequest>) => Promise<void>,
  config: Partial<Config> = {},
): Promise<void> {
  const spec = JSON.stringify({ subsets: [] });
  const labels = { "view.yolean.se/name": "hello" };
  await namespace.createService("hello", {
    metadata: { name: "hello", labels, annotations: { "view.yolean.se/spec": spec } },
  });
  await using replica = await Replica.start(namespace, { template: podTemplate(pod), config });
  const port = await replica.envoy!.port("public");
  await use(replica, (more) => sendRequest({ host: "hello.localhost", port, ...more }));
}
