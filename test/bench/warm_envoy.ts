import { join } from "node:path";
import { configOf } from "../../sidecar/config.ts";
import { constantResources, viewResources } from "../../sidecar/envoy/resources.ts";
import type { EnvoySettings } from "../../sidecar/envoy/settings.ts";
import { ControlPlane } from "../../sidecar/envoy/testing/control_plane.ts";
import { envoyBootstrap } from "../../sidecar/envoy/testing/bootstrap.ts";
import { EnvoyProcess } from "../envoy/envoy_process.ts";

export interface WarmEnvoyOptions {
  /** A view's web server, on 127.0.0.1. */
  readonly backend: number;
  /** More ports of web servers, each of which a listener of its own leads to by the least of routes, in order. */
  readonly direct: readonly number[];
  /** Whether each request is logged, as it is unless configured otherwise. */
  readonly accessLog: boolean;
  readonly directory: string;
}

/**
 * One Envoy that has the gateway's listeners and routes with a view `bench` that is awake, and beside them listeners with
 * a static route to the same web server: what the same Envoy does without the gateway.
 */
export class WarmEnvoy implements AsyncDisposable {
  readonly #envoy: EnvoyProcess;
  readonly #controlPlane: ControlPlane;
  readonly gateway: number;
  readonly direct: readonly number[];

  private constructor(envoy: EnvoyProcess, controlPlane: ControlPlane, gateway: number, direct: readonly number[]) {
    this.#envoy = envoy;
    this.#controlPlane = controlPlane;
    this.gateway = gateway;
    this.direct = direct;
  }

  static async start({ backend, direct, accessLog, directory }: WarmEnvoyOptions): Promise<WarmEnvoy> {
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
    ];
    await controlPlane.publish(resources);
    await controlPlane.start();
    let envoy: EnvoyProcess | undefined;
    try {
      envoy = await EnvoyProcess.start({ bootstrap: withDirect(await envoyBootstrap(directory), direct) });
      await envoy.ready();
      await controlPlane.publish(resources);
      const ports = await Promise.all(direct.map((_, i) => envoy!.port(nameOf(i))));
      return new WarmEnvoy(envoy, controlPlane, await envoy.port("public"), ports);
    } catch (error) {
      await envoy?.stop();
      await controlPlane.stop();
      throw error;
    }
  }

  get pid(): number {
    return this.#envoy.pid;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#envoy.stop();
    await this.#controlPlane.stop();
  }
}

const nameOf = (i: number) => `direct_${i}`;

// deno-lint-ignore no-explicit-any -- the bootstrap is JSON, of which one member counts here
function withDirect(bootstrap: any, ports: readonly number[]): Record<string, unknown> {
  const { static_resources: given } = bootstrap;
  return {
    ...bootstrap,
    static_resources: {
      ...given,
      listeners: [...given.listeners, ...ports.map((_, i) => listener(nameOf(i)))],
      clusters: [...given.clusters, ...ports.map((port, i) => cluster(nameOf(i), port))],
    },
  };
}

function listener(name: string): object {
  return {
    name,
    address: { socket_address: { address: "127.0.0.1", port_value: 0 } },
    filter_chains: [{
      filters: [{
        name: "envoy.filters.network.http_connection_manager",
        typed_config: {
          "@type":
            "type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager",
          stat_prefix: name,
          route_config: {
            virtual_hosts: [{ name, domains: ["*"], routes: [{ match: { prefix: "/" }, route: { cluster: name } }] }],
          },
          http_filters: [{
            name: "envoy.filters.http.router",
            typed_config: { "@type": "type.googleapis.com/envoy.extensions.filters.http.router.v3.Router" },
          }],
        },
      }],
    }],
  };
}

function cluster(name: string, port: number): object {
  const address = { socket_address: { address: "127.0.0.1", port_value: port } };
  return {
    name,
    type: "STATIC",
    load_assignment: { cluster_name: name, endpoints: [{ lb_endpoints: [{ endpoint: { address } }] }] },
  };
}
