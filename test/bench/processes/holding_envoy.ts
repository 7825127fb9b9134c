import { Quota } from "../../../sidecar/async/quota.ts";
import { join } from "node:path";
import { configOf } from "../../../sidecar/config/config.ts";
import { costOf } from "../../../sidecar/envoy/held_bodies.ts";
import { constantResources, viewResources } from "../../../sidecar/envoy/resources.ts";
import type { EnvoySettings } from "../../../sidecar/envoy/settings.ts";
import { socketsIn } from "../../../sidecar/envoy/sockets.ts";
import { envoyBootstrap } from "../../../sidecar/envoy/testing/bootstrap.ts";
import { NO_LIMITS } from "../../../sidecar/envoy/values.ts";
import { FakeControlPlane } from "../../../sidecar/envoy/testing/control_plane.ts";
import { authorizationService } from "../../../sidecar/gate/authorization_service.ts";
import { denialAnswers } from "../../../sidecar/denial/denial_answers.ts";
import { Gate } from "../../../sidecar/gate/gate.ts";
import { envoy } from "../../../sidecar/gen/envoy.js";
import { HttpServer } from "../../../sidecar/http/http_server.ts";
import { CLUSTER, cluster, LISTENER, listener, type Resource } from "../../../sidecar/proto/resource.ts";
import type { ViewState } from "../../../sidecar/view/state.ts";
import { EnvoyProcess } from "../../envoy/envoy_process.ts";

const { Cluster } = envoy.config.cluster.v3;
const { Listener } = envoy.config.listener.v3;

/** The view that is awake; all others start for ever. */
export const AWAKE = "bench";

export interface HoldingEnvoyOptions {
  /** Of the view that is awake: a web server on 127.0.0.1. */
  readonly backend: number;
  /** Whether buffers and gate are bounded as in the gateway; else Envoy has its own buffers, and the gate no bound. */
  readonly bounded: boolean;
  /** Of the sockets. */
  readonly directory: string;
}

/** Envoy with the gateway's listeners and routes, and the real gate: one view is awake, all others start for ever. */
export class HoldingEnvoy implements AsyncDisposable {
  readonly #process: EnvoyProcess;
  readonly #gate: Gate;
  readonly #stack: AsyncDisposableStack;
  readonly port: number;

  private constructor(process: EnvoyProcess, gate: Gate, stack: AsyncDisposableStack, port: number) {
    this.#process = process;
    this.#gate = gate;
    this.#stack = stack;
    this.port = port;
  }

  static async start({ backend, bounded, directory }: HoldingEnvoyOptions): Promise<HoldingEnvoy> {
    await using stack = new AsyncDisposableStack();
    const config = configOf((variable) => variable === "NAMESPACE" ? "bench" : undefined);
    const gateToken = crypto.randomUUID();
    const settings: EnvoySettings = {
      ...config,
      ...{ accessLog: false, listenAddress: "127.0.0.1", listenPort: 0, socketDirectory: directory, gateToken },
      authentication: "none",
    };
    const stopping = new AbortController();
    const gate = gateOf(
      bounded ? { each: config.heldBytesPerView, total: config.heldBytesInAll } : { each: Infinity, total: Infinity },
      stopping.signal,
    );
    const views = { get: viewOf };
    const answers = denialAnswers({ views, gateToken, now: Date.now }, () => new Response(null, { status: 404 }));
    const http = await HttpServer.onSocket(socketsIn(directory).http, answers);
    stack.defer(() => http.stop(1_000));
    // What waits ends before its server does.
    stack.defer(() => stopping.abort());
    const authorization = authorizationService({
      ...{ gate, baseHost: "localhost", gateToken, holdSeconds: config.holdSeconds },
      costOf: (body) => costOf(body, config.requestBodyBufferLimitBytes),
      stalled: () => false,
      clock: () => performance.now(),
      onVerdict: () => {},
    });
    const controlPlane = new FakeControlPlane(join(directory, "sidecar-grpc.sock"), authorization);
    const serving = [{ address: "127.0.0.1", port: backend }];
    const made = [
      ...constantResources(settings),
      ...viewResources({ name: AWAKE, serving, draining: [] }, settings),
    ];
    const resources = bounded ? made : made.map(unbounded);
    await controlPlane.publish(resources);
    await controlPlane.start();
    stack.defer(() => controlPlane.stop());
    const bootstrap = await envoyBootstrap(directory);
    const process = stack.use(
      await EnvoyProcess.start({ bootstrap: bounded ? bootstrap : withoutBufferLimits(bootstrap), concurrency: 2 }),
    );
    await process.ready();
    await controlPlane.publish(resources);
    return new HoldingEnvoy(process, gate, stack.move(), await process.port("public"));
  }

  get pid(): number {
    return this.#process.pid;
  }

  /** Requests that wait. */
  get held(): number {
    return this.#gate.held;
  }

  /** Bytes that Envoy uses. */
  async allocated(): Promise<number> {
    return Number(JSON.parse(await this.#process.admin("/memory")).allocated);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack.disposeAsync();
  }
}

function gateOf(bodyLimits: { readonly each: number; readonly total: number }, stopping: AbortSignal): Gate {
  return new Gate({
    views: {
      get: viewOf,
      until: (_view, _fits, signal) =>
        new Promise((_, reject) => {
          if (signal.aborted) reject(signal.reason);
          signal.addEventListener("abort", () => reject(signal.reason), { once: true });
        }),
    },
    synced: () => true,
    launcher: { launch: () => Promise.reject(new Error("All views start already.")) },
    acks: { isAcked: () => true, untilAcked: () => Promise.resolve() },
    leases: { isEnding: () => false, renew: () => Promise.resolve() },
    holdSeconds: 120,
    held: new Quota({ each: 1_000, total: 5_000 }),
    bodies: new Quota(bodyLimits),
    now: Date.now,
    stopping,
    closing: new AbortController().signal,
    onFault: (_view, error) => {
      throw error;
    },
  });
}

function viewOf(name: string): ViewState {
  return {
    ...{ name, uid: name, resourceVersion: "1", createdAt: "2026-01-01T00:00:00Z", owner: undefined },
    ...{ spec: { subsets: [] }, draining: [], served: undefined },
    phase: name === AWAKE
      ? { kind: "awake", job: name, serving: [] }
      : { kind: "starting", job: name, step: "scheduling" },
  };
}

/** The same with Envoy's own limits of buffers, and no limit of requests. */
function unbounded(resource: Resource): Resource {
  const without = { perConnectionBufferLimitBytes: null };
  switch (resource.type) {
    case CLUSTER:
      return cluster({
        ...{ ...Cluster.decode(resource.body), ...without, name: resource.name },
        circuitBreakers: NO_LIMITS,
      });
    case LISTENER:
      return listener({ ...Listener.decode(resource.body), ...without, name: resource.name });
    default:
      return resource;
  }
}

function withoutBufferLimits(bootstrap: Record<string, unknown>): Record<string, unknown> {
  return JSON.parse(
    JSON.stringify(bootstrap, (name, value) => name === "per_connection_buffer_limit_bytes" ? undefined : value),
  );
}
