import { randomBytes } from "node:crypto";
import type { CoreV1Api, V1Pod } from "@kubernetes/client-node";
import { core, isReady } from "../cluster/cluster.ts";
import { environment } from "../environment.ts";
import { type Answer, ask, type Request } from "../client/http.ts";
import { type ApiClient, apiClient, dataOf } from "../client/api_client.ts";
import { Proof } from "../client/proof.ts";
import { clientToken } from "./client_token.ts";
import { Replica } from "./replica.ts";
import { tunnel } from "../cluster/tunnel.ts";
import { until } from "../until.ts";
import { type Spec, View } from "./view.ts";

const SELECTOR = "app.kubernetes.io/name=view-gateway";

/** A gateway in the cluster, as its clients and operators see it. */
export class Gateway {
  /** Of its pods. */
  readonly namespace: string;
  /** Of its views. */
  readonly viewsNamespace: string;
  readonly baseHost: string;
  /** The origin for clients. Any pod may answer. */
  readonly origin: string;
  readonly replicas: readonly Replica[];
  /** Says to the gateway who asks. */
  readonly token: string;

  private constructor(
    whole: Pick<Gateway, "namespace" | "viewsNamespace" | "baseHost" | "origin" | "replicas" | "token">,
  ) {
    this.namespace = whole.namespace;
    this.viewsNamespace = whole.viewsNamespace;
    this.baseHost = whole.baseHost;
    this.origin = whole.origin;
    this.replicas = whole.replicas;
    this.token = whole.token;
  }

  /** The gateway of a namespace, with the pods that are ready now. */
  static async of(namespace: string): Promise<Gateway> {
    const { direct } = environment();
    const pods = await readyPods(namespace);
    if (pods.length === 0) {
      throw new Error(
        `There is no gateway that is ready in namespace ${namespace}.`,
      );
    }
    const names = async () => (await readyPods(namespace)).map(({ metadata }) => metadata!.name!);
    const origin = direct ? await serviceOrigin(core, namespace) : await tunnel(namespace, names, 8080);
    const viewsNamespace = viewsNamespaceOf(pods[0]!);
    const baseHost = await baseHostOf(namespace);
    // Pods are ready a moment before their Service leads to them.
    await until(`${origin} answers`, () => ask(origin, baseHost).then(() => true, () => false), { within: 10_000 });
    return new Gateway({
      ...{ namespace, viewsNamespace, origin, baseHost },
      replicas: pods.map((pod) => new Replica(pod, direct)),
      token: await clientToken(viewsNamespace),
    });
  }

  hostOf(view: string): string {
    return `${view}.${this.baseHost}`;
  }

  /** The API's client. Each request reaches this replica, or any. */
  client(replica?: Replica): ApiClient {
    return apiClient((request) => this.api(request, replica));
  }

  /** Sends a request to the base host as it is, which no client of the API might send. */
  async api(request: Request, replica?: Replica): Promise<Answer> {
    const origin = await replica?.public() ?? this.origin;
    const headers = { ...new Proof(this.token).headers, ...request.headers };
    return await ask(origin, this.baseHost, { ...request, headers });
  }

  /** Posts a body that no view might have. */
  post(body: unknown): Promise<Answer> {
    return this.api({
      method: "POST",
      path: "/_api/views",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
  }

  /**
   * Creates a view through the API of this replica, or of any, with a name of its own. The view is deleted at the end of its
   * scope.
   */
  async create(story: string, spec: Spec = {}, replica?: Replica): Promise<View> {
    const name = uniqueName(story);
    dataOf(await this.client(replica).POST("/_api/views", { body: { name, subsets: [], ...spec } }));
    return new View(this, name);
  }
}

/** The gateway that most stories are about: base host `localhost`, two replicas. */
export const theGateway = (): Promise<Gateway> => Gateway.of(environment().namespace);

/** A gateway with another base host. */
export const theOtherGateway = (): Promise<Gateway> => Gateway.of(environment().otherNamespace);

/** A gateway at which people sign in. */
export const theSignInGateway = (): Promise<Gateway> => Gateway.of(environment().signInNamespace);

export function uniqueName(story: string): string {
  return `${story}-${randomBytes(4).toString("hex")}`;
}

async function readyPods(namespace: string): Promise<readonly V1Pod[]> {
  const { items } = await core.listNamespacedPod({ namespace, labelSelector: SELECTOR });
  return items.filter(isReady);
}

/** The namespace whose views a gateway's pod serves. */
function viewsNamespaceOf({ metadata, spec }: V1Pod): string {
  const sidecar = spec?.initContainers?.find(({ name }) => name === "sidecar");
  const found = sidecar?.env?.find(({ name }) => name === "NAMESPACE")?.value;
  if (found === undefined) throw new Error(`Pod ${metadata?.name} has no sidecar with NAMESPACE.`);
  return found;
}

async function serviceOrigin(
  core: CoreV1Api,
  namespace: string,
): Promise<string> {
  const { spec } = await core.readNamespacedService({
    namespace,
    name: "view-gateway",
  });
  return `http://${spec!.clusterIP}:${spec!.ports![0]!.port}`;
}

/** The base host in the newest configuration. */
async function baseHostOf(namespace: string): Promise<string> {
  const { items } = await core.listNamespacedConfigMap({
    namespace,
    labelSelector: SELECTOR,
  });
  const newest = items
    .filter(({ data }) => data?.BASE_HOST !== undefined)
    .sort((a, b) =>
      b.metadata!.creationTimestamp!.getTime() -
      a.metadata!.creationTimestamp!.getTime()
    )[0];
  if (newest === undefined) {
    throw new Error(`Namespace ${namespace} has no ConfigMap with BASE_HOST.`);
  }
  return newest.data!.BASE_HOST!;
}
