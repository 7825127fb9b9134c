import { join } from "node:path";
import { configOf } from "../../sidecar/config.ts";
import { constantResources, viewResources } from "../../sidecar/envoy/resources.ts";
import type { EnvoySettings } from "../../sidecar/envoy/settings.ts";
import { ControlPlane } from "../../sidecar/envoy/testing/control_plane.ts";
import { envoyBootstrap } from "../../sidecar/envoy/testing/bootstrap.ts";
import { publicListener } from "../../sidecar/envoy/listeners.ts";
import { envoy } from "../../sidecar/gen/envoy.js";
import { extension } from "../../sidecar/proto/any.ts";
import { cluster, listener, type Resource } from "../../sidecar/proto/resource.ts";
import { EnvoyProcess } from "../envoy/envoy_process.ts";

const { Cluster } = envoy.config.cluster.v3;
const { Listener } = envoy.config.listener.v3;
const { HttpConnectionManager } = envoy.extensions.filters.network.http_connection_manager.v3;
const { Router } = envoy.extensions.filters.http.router.v3;

export interface WarmEnvoyOptions {
  /** A view's web server, on 127.0.0.1. */
  readonly backend: number;
  /** Where the static routes lead to. */
  readonly peer: number;
  /** Whether each request is logged, as it is unless configured otherwise. */
  readonly accessLog: boolean;
  readonly directory: string;
}

/**
 * One Envoy that has the gateway's listeners and routes with a view `bench` that is awake, and beside them listeners with
 * a static route: what the same Envoy does without the gateway.
 */
export class WarmEnvoy implements AsyncDisposable {
  readonly #process: EnvoyProcess;
  readonly #controlPlane: ControlPlane;
  readonly gateway: number;
  /** The port of the gateway's own listener with a static route. */
  readonly direct: number;
  /** The port of a listener that has only what it must have, with a static route. */
  readonly least: number;

  private constructor(
    process: EnvoyProcess,
    controlPlane: ControlPlane,
    ports: { readonly gateway: number; readonly direct: number; readonly least: number },
  ) {
    this.#process = process;
    this.#controlPlane = controlPlane;
    this.gateway = ports.gateway;
    this.direct = ports.direct;
    this.least = ports.least;
  }

  static async start({ backend, peer, accessLog, directory }: WarmEnvoyOptions): Promise<WarmEnvoy> {
    const settings: EnvoySettings = {
      ...configOf((variable) => variable === "NAMESPACE" ? "bench" : undefined),
      accessLog,
      listenAddress: "127.0.0.1",
      listenPort: 0,
      socketDirectory: directory,
      gateToken: crypto.randomUUID(),
    };
    const serving = [{ address: "127.0.0.1", port: backend }];
    const controlPlane = new ControlPlane(join(directory, "sidecar-grpc.sock"), () => {
      throw new Error("A warm request asks nobody.");
    });
    const resources = [
      ...constantResources(settings),
      ...viewResources({ name: "bench", serving, draining: [] }, settings),
      ...staticRoute(DIRECT, peer, settings),
      ...leastRoute(peer),
    ];
    await controlPlane.publish(resources);
    await controlPlane.start();
    let process: EnvoyProcess | undefined;
    try {
      process = await EnvoyProcess.start({ bootstrap: await envoyBootstrap(directory) });
      await process.ready();
      await controlPlane.publish(resources);
      const port = (listener: string) => process!.port(listener);
      const [gateway, direct, least] = [await port("public"), await port(DIRECT), await port(LEAST)];
      return new WarmEnvoy(process, controlPlane, { gateway, direct, least });
    } catch (error) {
      await process?.stop();
      await controlPlane.stop();
      throw error;
    }
  }

  get pid(): number {
    return this.#process.pid;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#process.stop();
    await this.#controlPlane.stop();
  }
}

const DIRECT = "direct";
const LEAST = "least";

/** The gateway's own listener with a static route in place of its routes, and the cluster that it leads to. */
function staticRoute(name: string, port: number, settings: EnvoySettings): readonly Resource[] {
  const { name: _, ...listening } = Listener.decode(publicListener(settings).body);
  const filter = listening.filterChains[0]!.filters![0]!;
  const options = HttpConnectionManager.decode(filter.typedConfig!.value!);
  const filters = [extension(filter.name!, HttpConnectionManager, {
    ...options,
    statPrefix: name,
    // One of the two, which are one member of the message.
    rds: null,
    routeConfig: {
      virtualHosts: [{ name, domains: ["*"], routes: [{ match: { prefix: "/" }, route: { cluster: name } }] }],
    },
  })];
  return [
    cluster({ name, type: Cluster.DiscoveryType.STATIC, loadAssignment: { clusterName: name, endpoints: at(port) } }),
    listener({ ...listening, name, filterChains: [{ filters }] }),
  ];
}

/** The least that leads to a web server. */
function leastRoute(port: number): readonly Resource[] {
  const filters = [extension("envoy.filters.network.http_connection_manager", HttpConnectionManager, {
    statPrefix: LEAST,
    routeConfig: {
      virtualHosts: [{
        ...{ name: LEAST, domains: ["*"] },
        routes: [{ match: { prefix: "/" }, route: { cluster: LEAST } }],
      }],
    },
    httpFilters: [extension("envoy.filters.http.router", Router, {})],
  })];
  const address = { socketAddress: { address: "127.0.0.1", portValue: 0 } };
  return [
    cluster({
      ...{ name: LEAST, type: Cluster.DiscoveryType.STATIC },
      loadAssignment: { clusterName: LEAST, endpoints: at(port) },
    }),
    listener({ name: LEAST, address, filterChains: [{ filters }] }),
  ];
}

function at(portValue: number): envoy.config.endpoint.v3.ILocalityLbEndpoints[] {
  return [{ lbEndpoints: [{ endpoint: { address: { socketAddress: { address: "127.0.0.1", portValue } } } }] }];
}
