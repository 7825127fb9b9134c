/** Runs the real Envoy for a test. */
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { envoyBinary } from "../../scripts/packages/envoy_binary.ts";

export interface EnvoyOptions {
  /**
   * The bootstrap, as JSON. `admin` is added. Give listeners `port_value: 0` and ask `port` for what they got; unix
   * sockets belong in a directory of the test's own.
   */
  readonly bootstrap: Readonly<Record<string, unknown>>;
  /** Worker threads. Default: 1. */
  readonly concurrency?: number;
  /** E.g. "debug". Default: "warning". */
  readonly logLevel?: string;
  readonly args?: readonly string[];
  /** A command that runs Envoy, and measures it. Envoy may then take longer to start. */
  readonly under?: readonly string[];
}

/** How many lines of Envoy's log are kept. */
const LOG_LINES = 5_000;

/** A running Envoy. `await using envoy = await EnvoyProcess.start({ bootstrap });` */
export class EnvoyProcess implements AsyncDisposable {
  readonly #process: Deno.ChildProcess;
  readonly #directory: string;
  readonly #log: string[] = [];
  readonly #reading: Promise<unknown>;
  #exited: Deno.CommandStatus | undefined;

  private constructor(process: Deno.ChildProcess, directory: string) {
    this.#process = process;
    this.#directory = directory;
    this.#reading = Promise.all([process.stdout, process.stderr].map((stream) => this.#collect(stream)));
    process.status.then((status) => this.#exited = status);
  }

  /** Starts Envoy and waits until its admin interface answers, at most 20 s, or three minutes under another program. It may still wait for xDS: see `ready`. */
  static async start(options: EnvoyOptions): Promise<EnvoyProcess> {
    const binary = await envoyBinary();
    const directory = await Deno.makeTempDir({ prefix: "envoy-" });
    const patience = options.under === undefined ? 20_000 : 180_000;
    const bootstrap = { ...options.bootstrap, admin: { address: { pipe: { path: join(directory, "admin.sock") } } } };
    await Deno.writeTextFile(join(directory, "bootstrap.json"), JSON.stringify(bootstrap));
    const [program = binary, ...before] = [...options.under ?? [], binary];
    const process = new Deno.Command(program, {
      args: [
        ...before,
        ...["--config-path", join(directory, "bootstrap.json"), "--disable-hot-restart"],
        ...["--concurrency", String(options.concurrency ?? 1), "--log-level", options.logLevel ?? "warning"],
        ...options.args ?? [],
      ],
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    const envoy = new EnvoyProcess(process, directory);
    try {
      await envoy.until("its admin interface answers", async () => (await envoy.#get("/ready")).status > 0, patience);
    } catch (error) {
      await envoy.stop();
      throw error;
    }
    return envoy;
  }

  get pid(): number {
    return this.#process.pid;
  }

  /** What Envoy wrote to standard output and standard error (its log and access logs), the last 5,000 lines. */
  get log(): string {
    return this.#log.join("\n");
  }

  /** Waits until Envoy has all of its first configuration and serves. */
  async ready(milliseconds = 20_000): Promise<void> {
    await this.until("it is ready", async () => (await this.#get("/ready")).status === 200, milliseconds);
  }

  /** The body of an admin page, e.g. `/clusters`; throws where the status is not 200. */
  async admin(path: string, method: "GET" | "POST" = "GET"): Promise<string> {
    const { status, body } = await this.#get(path, method);
    if (status !== 200) throw new Error(`Envoy's admin answers ${status} to ${method} ${path}: ${body}`);
    return body;
  }

  /** The value of one counter or gauge; 0 where Envoy does not have it. */
  async stat(name: string): Promise<number> {
    const pattern = `^${name.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&")}$`;
    const page = await this.admin(`/stats?filter=${encodeURIComponent(pattern)}`);
    return Number(page.match(/: (\d+)/)?.[1] ?? 0);
  }

  /** Parsed `/clusters`: by cluster name its host addresses (`ip:port` or a socket's path) with their health. */
  async clusters(): Promise<
    Readonly<Record<string, readonly { address: string; health: string; priority: number }[]>>
  > {
    const page = JSON.parse(await this.admin("/clusters?format=json")) as ClustersPage;
    return Object.fromEntries((page.cluster_statuses ?? []).map((cluster) => [
      cluster.name,
      (cluster.host_statuses ?? []).map(({ address, health_status, priority }) => ({
        address: address.pipe?.path ?? `${address.socket_address?.address}:${address.socket_address?.port_value}`,
        health: health_status.eds_health_status ?? "UNKNOWN",
        priority: priority ?? 0,
      })),
    ]));
  }

  /** Parsed `/config_dump`, with endpoints. */
  async configDump(): Promise<{ readonly configs: readonly Record<string, unknown>[] }> {
    return JSON.parse(await this.admin("/config_dump?include_eds"));
  }

  /** The TCP port that a listener has; for one bound to a socket's path, use the path. */
  async port(listener: string): Promise<number> {
    const page = JSON.parse(await this.admin("/listeners?format=json")) as ListenersPage;
    const port = page.listener_statuses?.find(({ name }) => name === listener)?.local_address.socket_address
      ?.port_value;
    if (port === undefined) throw new Error(`Envoy has no listener ${listener} with a TCP port`);
    return port;
  }

  /** Waits until a condition holds; an error of the condition counts as "not yet". */
  async until(what: string, condition: () => Promise<boolean> | boolean, milliseconds = 10_000): Promise<void> {
    const deadline = performance.now() + milliseconds;
    let last: unknown;
    while (performance.now() < deadline) {
      if (this.#exited) throw new Error(`Envoy ended with code ${this.#exited.code}:\n${this.#tail()}`);
      try {
        if (await condition()) return;
        last = undefined;
      } catch (error) {
        last = error;
      }
      await delay(10);
    }
    const reason = last === undefined ? "" : ` (${(last as Error).message})`;
    throw new Error(`Envoy: not within ${milliseconds} ms: ${what}${reason}\n${this.#tail()}`);
  }

  /** Ends Envoy: SIGTERM, after 5 s SIGKILL. */
  async stop(): Promise<void> {
    if (this.#exited === undefined) this.#signal("SIGTERM");
    const kill = setTimeout(() => this.#signal("SIGKILL"), 5_000);
    await this.#process.status;
    clearTimeout(kill);
    await this.#reading;
    await Deno.remove(this.#directory, { recursive: true }).catch(() => {});
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  #signal(signal: Deno.Signal): void {
    try {
      this.#process.kill(signal);
    } catch {
      // It has ended by itself.
    }
  }

  #tail(): string {
    return this.#log.slice(-30).join("\n");
  }

  async #collect(stream: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<void> {
    let rest = "";
    for await (const text of stream.pipeThrough(new TextDecoderStream())) {
      const lines = (rest + text).split("\n");
      rest = lines.pop() ?? "";
      this.#log.push(...lines);
      if (this.#log.length > LOG_LINES) this.#log.splice(0, this.#log.length - LOG_LINES);
    }
    if (rest !== "") this.#log.push(rest);
  }

  /**
   * Not by node:http: Deno 2.9.3's closes a unix socket's descriptor twice, the second time perhaps another thread's
   * (https://github.com/denoland/deno/pull/36353). HTTP/2, as fetch asks a unix socket over HTTP/1.1 by whole URLs,
   * which the admin interface does not take.
   */
  async #get(path: string, method = "GET"): Promise<{ readonly status: number; readonly body: string }> {
    const proxy = { transport: "unix" as const, path: join(this.#directory, "admin.sock") };
    using client = Deno.createHttpClient({ proxy, http1: false, http2: true });
    const response = await fetch(`http://localhost${path}`, { client, method, signal: AbortSignal.timeout(10_000) });
    return { status: response.status, body: await response.text() };
  }
}

interface ClustersPage {
  readonly cluster_statuses?: readonly {
    readonly name: string;
    readonly host_statuses?: readonly {
      readonly address: {
        readonly pipe?: { readonly path: string };
        readonly socket_address?: { readonly address: string; readonly port_value: number };
      };
      readonly health_status: { readonly eds_health_status?: string };
      readonly priority?: number;
    }[];
  }[];
}

interface ListenersPage {
  readonly listener_statuses?: readonly {
    readonly name: string;
    readonly local_address: { readonly socket_address?: { readonly port_value: number } };
  }[];
}
