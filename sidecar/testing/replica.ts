/** A whole gateway for tests: the sidecar and a real Envoy, on the cluster that KUBECONFIG names. */
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
  /** Default: AUTHENTICATION is `none`, as most tests are about something else. */
  readonly config?: Partial<Config>;
  readonly load?: Namespace["load"];
  /** Whether there is an Envoy. Without one nothing ACKs. Default: true. */
  readonly envoy?: boolean;
  /** The default workload template. Default: the existing one, or a working one. */
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

/** What a request to the API may have. */
interface ApiBody {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

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
      authentication: "none",
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

  /** The gate's answer to a request for a view: 200 when it passes. Rejects when the sidecar hands it back. */
  async check(view: string, headers: Readonly<Record<string, string>> = {}): Promise<HttpAnswer> {
    const host = `${view}.localhost`;
    const checked = await askOverSocket(socketsIn(this.#directory).authorization, { host, headers });
    if (checked.status !== 200) throw new Error(`The sidecar hands the request back: ${checked.status}`);
    const denial = checked.headers[DENIAL_HEADER];
    if (denial === undefined) return checked;
    const denied = { ...headers, [DENIAL_HEADER]: String(denial) };
    return await askOverSocket(socketsIn(this.#directory).http, { host, headers: denied });
  }

  /** The HTTP status of the gate's answer; 200 when the request passes. */
  async status(view: string): Promise<number> {
    return (await this.check(view)).status;
  }

  /** The answer of the base host, such as the API's. */
  api(path: string, method = "GET", more: ApiBody = {}): Promise<HttpAnswer> {
    return askOverSocket(socketsIn(this.#directory).http, { host: "localhost", path, method, ...more });
  }

  /** The answer of /livez, /readyz or /metrics. */
  async probe(path: string): Promise<{ readonly status: number; readonly text: string }> {
    const response = await fetch(`http://127.0.0.1:${this.#probes}${path}`);
    return { status: response.status, text: await response.text() };
  }

  /** Stops the sidecar as SIGTERM does; resolves when it has stopped. */
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
