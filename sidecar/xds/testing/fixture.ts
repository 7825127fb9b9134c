/** What the tests of the xDS server share: resources, and a server on a socket of its own. */
import { join } from "node:path";
import { GrpcServer } from "../../grpc/grpc_server.ts";
import { envoy } from "../../gen/envoy.js";
import { cluster, endpoints, listener, type Resource, type ResourceId } from "../../proto/resource.ts";
import { extension } from "../../proto/any.ts";
import type { Log } from "../../logging.ts";
import { AdsServer, type Observer } from "../ads_server.ts";

const { Cluster } = envoy.config.cluster.v3;
const { HttpConnectionManager } = envoy.extensions.filters.network.http_connection_manager.v3;
const { Router } = envoy.extensions.filters.http.router.v3;

/** The time of the server, in milliseconds since the epoch. */
export const NOW = Date.UTC(2026, 0, 1);

/** A cluster whose endpoints come over EDS; `seconds` is its connect time-out, to make it differ. */
export function edsCluster(name: string, seconds = 1): Resource {
  return cluster({
    name,
    type: Cluster.DiscoveryType.EDS,
    edsClusterConfig: { edsConfig: { ads: {}, resourceApiVersion: envoy.config.core.v3.ApiVersion.V3 } },
    connectTimeout: { seconds },
  });
}

/** A cluster that Envoy refuses: static, and yet with endpoints over EDS. */
export function badCluster(name: string): Resource {
  return cluster({
    name,
    type: Cluster.DiscoveryType.STATIC,
    edsClusterConfig: { edsConfig: { ads: {}, resourceApiVersion: envoy.config.core.v3.ApiVersion.V3 } },
  });
}

/** A cluster that breaks a constraint of its own message: a negative time-out. */
export function invalidCluster(name: string): Resource {
  return cluster({ name, type: Cluster.DiscoveryType.STATIC, connectTimeout: { seconds: -1 } });
}

/** Endpoints at these ports of 127.0.0.1. */
export function endpointsAt(name: string, ...ports: number[]): Resource {
  const lbEndpoints = ports.map((portValue) => ({
    endpoint: { address: { socketAddress: { address: "127.0.0.1", portValue } } },
  }));
  return endpoints({ clusterName: name, endpoints: [{ lbEndpoints }] });
}

/** A listener on a free port that answers each request with 200 and its own name. */
export function answeringListener(name: string): Resource {
  return listener({
    name,
    address: { socketAddress: { address: "127.0.0.1", portValue: 0 } },
    filterChains: [{
      filters: [
        extension("envoy.filters.network.http_connection_manager", HttpConnectionManager, {
          statPrefix: name,
          routeConfig: {
            virtualHosts: [{
              name: "all",
              domains: ["*"],
              routes: [{ match: { prefix: "/" }, directResponse: { status: 200, body: { inlineString: name } } }],
            }],
          },
          httpFilters: [extension("envoy.filters.http.router", Router, {})],
        }),
      ],
    }],
  });
}

export function idOf({ type, name }: Resource): ResourceId {
  return { type, name };
}

/** An xDS server on a socket in a directory of its own, which can be stopped and started as another process would. */
export class ServedAds implements AsyncDisposable {
  readonly socket: string;
  readonly logged: string[] = [];
  /** Resources by kind of event and type, e.g. `counts["update type.googleapis.com/…"]`. */
  readonly counts: Record<string, number> = {};
  ads!: AdsServer;
  #grpc!: GrpcServer;

  private constructor(readonly directory: string) {
    this.socket = join(directory, "grpc.sock");
  }

  static async start(resources: readonly Resource[] = []): Promise<ServedAds> {
    const served = new ServedAds(await Deno.makeTempDir({ prefix: "xds-" }));
    await served.again(resources);
    served.ads.start();
    return served;
  }

  /** A new server on the same socket, with these resources and not yet started. */
  async again(resources: readonly Resource[]): Promise<void> {
    this.ads = new AdsServer({ observer: this.#observer(), log: this.#log(), now: () => NOW });
    this.ads.publish({ set: resources, removed: [] });
    this.#grpc = await GrpcServer.listen(this.socket, [this.ads.served]);
  }

  async stop(): Promise<void> {
    this.ads.stop();
    await this.#grpc.stop(1_000);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    await Deno.remove(this.directory, { recursive: true });
  }

  #observer(): Observer {
    const count = (kind: string) => (type: string, count: number) => {
      const key = `${kind} ${type.slice(type.lastIndexOf(".") + 1)}`;
      this.counts[key] = (this.counts[key] ?? 0) + count;
    };
    return { onUpdate: count("update"), onAck: count("ack"), onNack: count("nack") };
  }

  #log(): Log {
    const log = (message: string, properties: Record<string, unknown>) => {
      this.logged.push(message.replaceAll(/\{(\w+)\}/g, (_, name) => String(properties[name])));
    };
    return { info: log, warn: log, error: log };
  }
}
