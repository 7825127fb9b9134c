import type { V1Pod } from "@kubernetes/client-node";
import { ask } from "../client/http.ts";
import { metric } from "./metrics.ts";
import { tunnel } from "../cluster/tunnel.ts";

/** The ports of a gateway's pod. */
const PUBLIC = 8080;
const ENVOY_STATISTICS = 8081;
const SIDECAR_PROBES = 8082;

/** One pod of a gateway. */
export class Replica {
  readonly pod: string;
  readonly #origin: (port: number) => Promise<string>;

  constructor(pod: V1Pod, direct: boolean) {
    const { name, namespace } = pod.metadata!;
    this.pod = name!;
    const origins = new Map<number, Promise<string>>();
    this.#origin = (port) => {
      const origin = origins.get(port) ??
        (direct
          ? Promise.resolve(`http://${pod.status!.podIP}:${port}`)
          : tunnel(namespace!, () => Promise.resolve([name!]), port));
      origins.set(port, origin);
      return origin;
    };
  }

  /** Where its Envoy takes requests. */
  public(): Promise<string> {
    return this.#origin(PUBLIC);
  }

  async envoy(
    name: string,
    labels?: Readonly<Record<string, string>>,
  ): Promise<number> {
    return metric(
      await this.#read(ENVOY_STATISTICS, "/stats/prometheus"),
      name,
      labels,
    );
  }

  async sidecar(
    name: string,
    labels?: Readonly<Record<string, string>>,
  ): Promise<number> {
    return metric(await this.#read(SIDECAR_PROBES, "/metrics"), name, labels);
  }

  /** How many requests one of Envoy's listeners, `public` or `gate`, has had. */
  requests(listener: "public" | "gate"): Promise<number> {
    return this.envoy("envoy_http_downstream_rq_total", {
      envoy_http_conn_manager_prefix: listener,
    });
  }

  async #read(port: number, path: string): Promise<string> {
    const answer = await ask(await this.#origin(port), "statistics", { path });
    if (answer.status !== 200) {
      throw new Error(
        `${this.pod} answered ${answer.status} to ${path}: ${answer.text}`,
      );
    }
    return answer.text;
  }
}
