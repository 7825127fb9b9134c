import { dumpYaml, loadYaml, type V1Job, type V1Pod } from "@kubernetes/client-node";
import { batch, ifThere } from "../cluster/cluster.ts";
import { until } from "../until.ts";
import { type Gateway, uniqueName } from "./gateway.ts";
import { poolPodsOf, poolsOf } from "./pool_jobs.ts";
import { ASSIGN, setTemplate, templateText, WARM } from "./templates.ts";
import type { Spec, View } from "./view.ts";

/** Where the example's images take their assignment. */
const PATH = "/_gate/assign";

export interface PoolWish {
  /** How many pods wait for a view. Default: 1. */
  readonly size?: number;
  /** The template that its own one is made from. Default: that of views which name none. */
  readonly base?: string;
  /** Changes its template. */
  readonly change?: (template: V1Job) => void;
}

/** A workload template of one story, with the warm pool that gateways keep for it. */
export class Pool implements AsyncDisposable {
  readonly gateway: Gateway;
  readonly template: string;
  readonly size: number;

  private constructor(gateway: Gateway, template: string, size: number) {
    this.gateway = gateway;
    this.template = template;
    this.size = size;
  }

  /** Sets the template. It is removed at the end of the scope, with its pool. */
  static async of(
    gateway: Gateway,
    story: string,
    { size = 1, base = "default", change }: PoolWish = {},
  ): Promise<Pool> {
    const { viewsNamespace: namespace } = gateway;
    const template = loadYaml<V1Job>(await templateText(namespace, base));
    const pod = template.spec!.template;
    pod.metadata = {
      ...pod.metadata,
      annotations: { ...pod.metadata?.annotations, [WARM]: String(size), [ASSIGN]: PATH },
    };
    change?.(template);
    const pool = new Pool(gateway, uniqueName(story), size);
    await setTemplate(namespace, pool.template, dumpYaml(template));
    return pool;
  }

  /** The same, once the pool is full. */
  static async full(gateway: Gateway, story: string, wish?: PoolWish): Promise<Pool> {
    const pool = await Pool.of(gateway, story, wish);
    try {
      await pool.untilFull();
      return pool;
    } catch (error) {
      await pool[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Creates a view of this pool's template. */
  create(story: string, spec: Spec = {}): Promise<View> {
    return this.gateway.create(story, { ...spec, template: this.template });
  }

  jobs(): Promise<readonly V1Job[]> {
    return poolsOf(this.gateway.viewsNamespace, this.template);
  }

  /** The pods that a view can claim. */
  pods(): Promise<readonly V1Pod[]> {
    return poolPodsOf(this.gateway.viewsNamespace, this.template);
  }

  async podNames(): Promise<readonly string[]> {
    return (await this.pods()).map(({ metadata }) => metadata!.name!);
  }

  /** Waits until all pods are ready, and each replica knows it. */
  async untilFull(within = 45_000): Promise<void> {
    const labels = { template: this.template, state: "ready" };
    await until(`the pool of ${this.template} is full`, async () => {
      if ((await this.pods()).length !== this.size) return false;
      const known = await Promise.all(
        this.gateway.replicas.map((replica) => replica.sidecar("view_gateway_pool_pods", labels)),
      );
      return known.every((count) => count === this.size);
    }, { within });
  }

  /** Does not wait for the pool's lease to end. */
  async [Symbol.asyncDispose](): Promise<void> {
    const { viewsNamespace: namespace } = this.gateway;
    await setTemplate(namespace, this.template, undefined);
    for (const { metadata } of await this.jobs()) {
      await ifThere(batch.deleteNamespacedJob({ namespace, name: metadata!.name!, propagationPolicy: "Background" }));
    }
  }
}
