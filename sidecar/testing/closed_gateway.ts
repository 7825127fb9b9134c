import type { Config } from "@view-gateway/types";
import { type HttpAnswer, type HttpRequest, sendRequest } from "../envoy/testing/http_client.ts";
import { Pod } from "../envoy/testing/pod.ts";
import type { Namespace } from "../kubernetes/testing/namespace.ts";
import { createServiceAccount, type ServiceAccount } from "../kubernetes/testing/service_account.ts";
import { readKeySecret } from "../session/key_secret.ts";
import { sessionKeyOf } from "../session/session_key.ts";
import { mintedViewToken } from "../session/view_token.ts";
import { Replica, type ReplicaOptions } from "./replica.ts";
import { podTemplate } from "./with_replica.ts";

/** A gateway that lets in only who may, a pod that all of its views run as, and a program with a service account. */
export interface ClosedGateway extends AsyncDisposable {
  readonly replica: Replica;
  readonly pod: Pod;
  readonly robot: ServiceAccount;
  /** Creates a view with this spec. */
  view(name: string, spec?: object): Promise<void>;
  /** Asks for a view's host, by Envoy. */
  ask(view: string, headers?: Readonly<Record<string, string>>, more?: Partial<HttpRequest>): Promise<HttpAnswer>;
  /** The robot's token for these audiences, as a header. */
  token(...audiences: readonly string[]): Promise<{ readonly authorization: string }>;
  /** The cookie of somebody who was let in so many seconds ago. */
  cookie(view: string, user: string, seconds: number): Promise<{ readonly cookie: string }>;
  /** The present value of a series of the sidecar's metrics. */
  metric(series: string): Promise<number>;
}

/** @param host an address at which Kubernetes takes pods to be */
export async function closedGateway(
  namespace: Namespace,
  host: string,
  { load, config }: { readonly load?: ReplicaOptions["load"]; readonly config?: Partial<Config> } = {},
): Promise<ClosedGateway> {
  const robot = await createServiceAccount(namespace, "robot");
  const pod = await Pod.start("a", { host });
  const template = podTemplate({
    annotations: { "kwok/pod-ip": host },
    port: { name: "http", containerPort: pod.address.port },
  });
  const closed: Partial<Config> = { authentication: "kubernetes", publicViews: true, ...config };
  const replica = await Replica.start(namespace, { config: closed, template, ...load && { load } });
  const port = await replica.envoy!.port("public");
  return {
    ...{ replica, pod, robot },
    view: async (name, spec = {}) => {
      const annotations = { "view.yolean.se/spec": JSON.stringify({ subsets: [], ...spec }) };
      const labels = { "view.yolean.se/name": name };
      await namespace.createService(name, { metadata: { name, labels, annotations } });
    },
    ask: (view, headers = {}, more = {}) => sendRequest({ host: `${view}.localhost`, port, headers, ...more }),
    token: async (...audiences) => ({ authorization: `Bearer ${await robot.token(...audiences)}` }),
    cookie: async (view, user, seconds) => {
      const now = Math.floor(Date.now() / 1000);
      const at = now - seconds;
      const identity = { user, groups: [] };
      const session = { identity, authTime: at, checkedAt: at, until: now + 3_600, by: "oidc" } as const;
      return { cookie: `__Host-view=${await mintedViewToken(session, view, "fresh", await keysOf(namespace), at)}` };
    },
    metric: async (series) => {
      const { text } = await replica.probe("/metrics");
      const line = text.split("\n").find((line) => line.startsWith(`${series} `));
      if (line === undefined) throw new Error(`There is no series ${series}.`);
      return Number(line.split(" ").at(-1));
    },
    async [Symbol.asyncDispose]() {
      await replica[Symbol.asyncDispose]();
      await pod[Symbol.asyncDispose]();
    },
  };
}

/** The keys that sign views' cookies, as the gateway has written them. */
async function keysOf(namespace: Namespace) {
  const secret = await namespace.call("GET", "api/v1/secrets/view-gateway-keys");
  const { data } = secret as unknown as { readonly data: Readonly<Record<string, string>> };
  const read = readKeySecret(Object.fromEntries(Object.entries(data).map(([key, value]) => [key, atob(value)])));
  if (read.kind !== "keys") throw new Error("The gateway has no keys.");
  return await Promise.all(read.secret.keys.map(sessionKeyOf));
}
