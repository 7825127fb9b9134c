/** A whole gateway as a test sees it: the sidecar and the real Envoy beside it, against the cluster that KUBECONFIG names. */
import type { Config } from "@view-gateway/types";
import { EnvoyProcess } from "../../test/envoy/envoy_process.ts";
import { runSidecar } from "../app/app.ts";
import { configOf } from "../config/config.ts";
import { envoyBootstrap } from "../envoy/testing/bootstrap.ts";
import { DENIAL_HEADER } from "../envoy/names.ts";
import { socketsIn } from "../envoy/sockets.ts";
import { provideTemplates, writeTemplates } from "../kubernetes/testing/config_map.ts";
import type { Namespace } from "../kubernetes/testing/namespace.ts";
import { askOverSocket, type HttpAnswer } from "../envoy/testing/http_client.ts";

export interface ReplicaOptions {
  readonly config?: Partial<Config>;
  readonly load?: Namespace["load"];
  /** Whether there is an Envoy; else nothing ACKs. */
  readonly envoy?: boolean;
  /** The workload template of views that name none; the one that there is where undefined, else one that does. */
  readonly template?: string;
}

const TEMPLATE = `
apiVersion: batch/v1
kind: Job
spec:
  template:
    spec:
      terminationGracePeriodSeconds: 1
      containers:
        - name: view
          image: example.test/view:1
          ports: [{name: http, containerPort: 8080}]
`;

export class Replica implements AsyncDisposable {
  readonly envoy: EnvoyProcess | undefined;
  readonly #directory: string;
  readonly #stop: AbortController;
  readonly #running: Promise<void>;
  readonly #probes: number;
  #over = false;

  private constructor(
    made: { directory: string; stop: AbortController; running: Promise<void>; probes: number },
    envoy: EnvoyProcess | undefined,
  ) {
    this.#directory = made.directory;
    this.#stop = made.stop;
    this.#running = made.running;
    this.#probes = made.probes;
    this.envoy = envoy;
  }

  static async start(namespace: Namespace, options: ReplicaOptions = {}): Promise<Replica> {
    const directory = await Deno.makeTempDir({ prefix: "replica-" });
    if (options.template === undefined) await provideTemplates(namespace, { default: TEMPLATE });
    else await writeTemplates(namespace, { default: options.template });
    const config: Config = {
      ...configOf((variable) => variable === "NAMESPACE" ? namespace.name : undefined),
      socketDirectory: directory,
      probeAddress: "127.0.0.1:0",
      listenAddress: "127.0.0.1",
      listenPort: 0,
      holdSeconds: 20,
      drainSeconds: 1,
      accessLog: false,
      ...options.config,
    };
    const stop = new AbortController();
    const listening = Promise.withResolvers<number>();
    const running = runSidecar(config, stop.signal, {
      load: options.load ?? namespace.load,
      onListening: listening.resolve,
    });
    running.catch(listening.reject);
    const made = { directory, stop, running, probes: await listening.promise };
    if (options.envoy === false) return new Replica(made, undefined);
    const process = await EnvoyProcess.start({ bootstrap: await envoyBootstrap(directory) });
    const replica = new Replica(made, process);
    try {
      await process.ready();
      return replica;
    } catch (error) {
      await replica[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** What the gate answers a request for a view: 200 where it passes; rejects where the sidecar hands it back. */
  async check(view: string, headers: Readonly<Record<string, string>> = {}): Promise<HttpAnswer> {
    const host = `${view}.localhost`;
    const checked = await askOverSocket(socketsIn(this.#directory).authorization, { host, headers });
    if (checked.status !== 200) throw new Error(`The sidecar hands the request back: ${checked.status}`);
    const denial = checked.headers[DENIAL_HEADER];
    if (denial === undefined) return checked;
    const denied = { ...headers, [DENIAL_HEADER]: String(denial) };
    return await askOverSocket(socketsIn(this.#directory).http, { host, headers: denied });
  }

  /** The HTTP status of what the gate answers; 200 where the request passes. */
  async status(view: string): Promise<number> {
    return (await this.check(view)).status;
  }

  /** What the base host answers, such as the API. */
  api(path: string, method = "GET"): Promise<HttpAnswer> {
    return askOverSocket(socketsIn(this.#directory).http, { host: "localhost", path, method });
  }

  /** What one of /livez, /readyz and /metrics answers. */
  async probe(path: string): Promise<{ readonly status: number; readonly text: string }> {
    const response = await fetch(`http://127.0.0.1:${this.#probes}${path}`);
    return { status: response.status, text: await response.text() };
  }

  /** As SIGTERM; resolves when the sidecar has stopped. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#over) return;
    this.#over = true;
    await this.envoy?.stop();
    await this.stop();
    await Deno.remove(this.#directory, { recursive: true });
  }
}
