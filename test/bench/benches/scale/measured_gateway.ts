import { envoyBootstrap } from "../../../../sidecar/envoy/testing/bootstrap.ts";
import { DENIAL_HEADER } from "../../../../sidecar/envoy/names.ts";
import { socketsIn } from "../../../../sidecar/envoy/sockets.ts";
import { EnvoyProcess } from "../../../envoy/envoy_process.ts";
import { type SidecarOptions, SidecarProcess } from "../../processes/sidecar_process.ts";

/** Milliseconds that a request may take: a busy machine has the same work, and needs longer for it. */
const LIMIT = 180_000;

/** A gateway of two processes: the sidecar of its image, and an Envoy that it configures. */
export class MeasuredGateway implements AsyncDisposable {
  readonly sidecar: SidecarProcess;
  readonly envoy: EnvoyProcess;
  /** Milliseconds from Envoy's start until it had all of its configuration. */
  readonly ready: number;
  readonly #signal: AbortSignal;

  private constructor(sidecar: SidecarProcess, envoy: EnvoyProcess, ready: number, signal: AbortSignal) {
    this.sidecar = sidecar;
    this.envoy = envoy;
    this.ready = ready;
    this.#signal = signal;
  }

  /** @param patience milliseconds that Envoy has to take all of its first configuration */
  static async start(options: SidecarOptions, patience?: number): Promise<MeasuredGateway> {
    await using stack = new AsyncDisposableStack();
    const sidecar = stack.use(await SidecarProcess.start(options));
    const began = performance.now();
    const envoy = stack.use(await EnvoyProcess.start({ bootstrap: await envoyBootstrap(options.directory) }));
    await envoy.ready(patience);
    stack.move();
    return new MeasuredGateway(sidecar, envoy, performance.now() - began, options.signal);
  }

  /**
   * Asks the gate for a view, as Envoy does for a request.
   * @throws Error unless the request passes
   */
  async pass(view: string): Promise<void> {
    const { authorization } = socketsIn(this.sidecar.directory);
    const answer = await this.#ask(authorization, "/", { headers: { host: `${view}.localhost` } });
    const denied = answer.headers.get(DENIAL_HEADER);
    if (answer.status === 200 && denied === null) return;
    throw new Error(`The gate answers ${answer.status} for view ${view}: ${denied ?? answer.text}`);
  }

  /** @throws Error unless the API creates it */
  async create(view: string): Promise<void> {
    const body = JSON.stringify({ name: view, subsets: [] });
    await this.#api("/_api/views", { method: "POST", body, headers: { "content-type": "application/json" } }, 201);
  }

  /** Resolves when the view's pod is gone. @throws Error unless the API ends it */
  async sleep(view: string): Promise<void> {
    await this.#api(`/_api/views/${view}/sleep`, { method: "POST" }, 200);
  }

  async #api(path: string, init: RequestInit, expected: number): Promise<void> {
    const { http } = socketsIn(this.sidecar.directory);
    const { status, text } = await this.#ask(http, path, init);
    if (status !== expected) throw new Error(`The API answers ${status} to ${init.method} ${path}: ${text}`);
  }

  async #ask(socket: string, path: string, init: RequestInit) {
    using client = Deno.createHttpClient({ proxy: { transport: "unix", path: socket }, allowHost: true });
    const signal = AbortSignal.any([this.#signal, AbortSignal.timeout(LIMIT)]);
    const answer = await fetch(`http://localhost${path}`, { ...init, client, signal, redirect: "manual" });
    return { status: answer.status, headers: answer.headers, text: await answer.text() };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.envoy.stop();
    await this.sidecar.stop();
  }
}
