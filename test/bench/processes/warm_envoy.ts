import { configOf } from "../../../sidecar/config/config.ts";
import { constantResources, viewResources } from "../../../sidecar/envoy/resources.ts";
import type { EnvoySettings } from "../../../sidecar/envoy/settings.ts";
import { socketsIn } from "../../../sidecar/envoy/sockets.ts";
import { viewTokenFilter } from "../../../sidecar/envoy/view_token_filter.ts";
import { FakeControlPlane } from "../../../sidecar/envoy/testing/control_plane.ts";
import { envoyBootstrap } from "../../../sidecar/envoy/testing/bootstrap.ts";
import { EnvoyProcess } from "../../envoy/envoy_process.ts";
import { leastRoute, staticRoute } from "./static_route.ts";

const DIRECT = "direct";
const LEAST = "least";

export interface WarmEnvoyOptions {
  /** A view's web server, on 127.0.0.1. */
  readonly backend: number;
  /** Where the static routes lead to. */
  readonly peer: number;
  /** Whether each request is logged, as it is unless configured otherwise. */
  readonly accessLog: boolean;
  readonly directory: string;
  /** The public keys of views' cookies: with them, people sign in. */
  readonly jwks?: string;
  /** Whether requests at the gate are traced. Nobody takes the traces. */
  readonly traced?: boolean;
  /** A command that runs Envoy, and measures it. */
  readonly under?: readonly string[];
}

/**
 * One Envoy that has the gateway's listeners and routes with a view `bench` that is awake, and beside them listeners with
 * a static route: what the same Envoy does without the gateway.
 */
export class WarmEnvoy implements AsyncDisposable {
  readonly #process: EnvoyProcess;
  readonly #controlPlane: FakeControlPlane;
  readonly gateway: number;
  /** The port of the gateway's own listener with a static route. */
  readonly direct: number;
  /** The port of a listener that has only what it must have, with a static route. */
  readonly least: number;

  private constructor(
    process: EnvoyProcess,
    controlPlane: FakeControlPlane,
    ports: { readonly gateway: number; readonly direct: number; readonly least: number },
  ) {
    this.#process = process;
    this.#controlPlane = controlPlane;
    this.gateway = ports.gateway;
    this.direct = ports.direct;
    this.least = ports.least;
  }

  static async start(
    { backend, peer, accessLog, directory, jwks, traced = false, under }: WarmEnvoyOptions,
  ): Promise<WarmEnvoy> {
    const settings: EnvoySettings = {
      ...configOf((variable) => variable === "NAMESPACE" ? "bench" : undefined),
      accessLog,
      authentication: jwks === undefined ? "none" : "kubernetes",
      listenAddress: "127.0.0.1",
      listenPort: 0,
      socketDirectory: directory,
      gateToken: crypto.randomUUID(),
      // The discard port: https://www.rfc-editor.org/rfc/rfc863
      ...traced && { traces: { endpoint: "http://127.0.0.1:9", caFile: "/none", instance: "" } },
    };
    const serving = [{ address: "127.0.0.1", port: backend }];
    const controlPlane = new FakeControlPlane(socketsIn(directory).grpc, () => {
      throw new Error("A warm request asks nobody.");
    });
    const resources = [
      ...jwks === undefined ? [] : [viewTokenFilter(jwks)],
      ...constantResources(settings),
      ...viewResources({ name: "bench", serving, draining: [] }, settings),
      ...staticRoute(DIRECT, peer, settings),
      ...leastRoute(LEAST, peer),
    ];
    await controlPlane.publish(resources);
    await controlPlane.start();
    let process: EnvoyProcess | undefined;
    try {
      process = await EnvoyProcess.start({ bootstrap: await envoyBootstrap(directory), ...under && { under } });
      await process.ready(under === undefined ? undefined : 180_000);
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
