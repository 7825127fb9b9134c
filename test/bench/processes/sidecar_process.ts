import { setTimeout as pause } from "node:timers/promises";
import { socketsIn } from "../../../sidecar/envoy/sockets.ts";
import { freePort } from "../../../scripts/process/free_port.ts";
import { orAborted } from "../../../sidecar/async/or_aborted.ts";
import { LineProcess } from "./line_process.ts";
import { HEAP } from "./measurable_bundle.ts";

export interface SidecarOptions {
  /** A file by `measurableBundle`. */
  readonly bundle: string;
  readonly kubeconfig: string;
  readonly namespace: string;
  /** Its sockets; made if need be. */
  readonly directory: string;
  /** Default: `none`. */
  readonly authentication?: "none" | "kubernetes";
  /** Where Deno keeps compiled code. Default: the user's cache. */
  readonly cache?: string;
  /** More variables of its environment. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/** The sidecar in a process of its own, as its image runs it. */
export class SidecarProcess implements AsyncDisposable {
  readonly #process: LineProcess;
  readonly #client: Deno.HttpClient;
  /** Milliseconds from its start until it knew all views. */
  readonly synced: number;
  /** Of its sockets. */
  readonly directory: string;
  readonly #probes: number;
  #heap = Promise.withResolvers<number>();

  private constructor(process: LineProcess, directory: string, synced: number, probes: number) {
    this.#process = process;
    this.#client = Deno.createHttpClient({
      proxy: { transport: "unix", path: socketsIn(directory).http },
    });
    this.synced = synced;
    this.directory = directory;
    this.#probes = probes;
    process.listen((line) => {
      if (line.startsWith(HEAP)) this.#heap.resolve(Number(line.slice(HEAP.length)));
    });
  }

  static async start(
    { bundle, kubeconfig, namespace, directory, authentication = "none", cache, environment, signal }: SidecarOptions,
  ): Promise<SidecarProcess> {
    await Deno.mkdir(directory, { recursive: true });
    const probes = freePort();
    const began = performance.now();
    const process = new LineProcess(Deno.execPath(), [
      "run",
      "-A",
      "--no-config",
      "--no-remote",
      "--no-npm",
      "--v8-flags=--expose-gc",
      bundle,
    ], {
      env: {
        ...cache && { DENO_DIR: cache },
        KUBECONFIG: kubeconfig,
        NAMESPACE: namespace,
        AUTHENTICATION: authentication,
        SOCKET_DIRECTORY: directory,
        PROBE_ADDRESS: `127.0.0.1:${probes}`,
        LISTEN_ADDRESS: "127.0.0.1",
        LISTEN_PORT: String(freePort()),
        ...environment,
      },
    });
    try {
      while (!(await process.line(signal)).includes("views are read"));
      return new SidecarProcess(process, directory, performance.now() - began, probes);
    } catch (error) {
      await process.stop();
      throw error;
    }
  }

  get pid(): number {
    return this.#process.pid;
  }

  /** Resolves as soon as it answers for a view. */
  async knows(view: string, signal: AbortSignal): Promise<void> {
    while (true) {
      signal.throwIfAborted();
      const { status, body } = await fetch(`http://localhost/_api/views/${view}`, { client: this.#client });
      await body?.cancel();
      if (status === 200) return;
      await pause(1);
    }
  }

  /** The page of its metrics. */
  async metrics(): Promise<string> {
    return await (await fetch(`http://127.0.0.1:${this.#probes}/metrics`)).text();
  }

  /** Bytes in use once all garbage has gone. */
  async heap(signal: AbortSignal): Promise<number> {
    this.#heap = Promise.withResolvers();
    Deno.kill(this.pid, "SIGUSR2");
    return await orAborted(this.#heap.promise, AbortSignal.any([signal, AbortSignal.timeout(60_000)]));
  }

  async stop(): Promise<void> {
    this.#client.close();
    await this.#process.stop();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }
}
