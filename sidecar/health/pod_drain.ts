import { logger } from "../logging.ts";
import { Deadline } from "../async/deadline.ts";

export interface PodDrainOptions {
  /** `HOST:PORT` of Envoy's admin interface. */
  readonly admin: string;
  /** Milliseconds from the pod's deletion until what is still held is sent away. */
  readonly limit: number;
  readonly signal: AbortSignal;
}

/** Longest that Envoy may take to answer. */
const ADMIN_LIMIT = 2_000;

/**
 * The end of the gateway's pod, as far as clients have to know of it. Envoy is told to have them go elsewhere: it answers
 * `Connection: close` and GOAWAY, and takes what comes all the same until its container ends. What waits at the gate is
 * sent away before that, since nobody could hold it any longer.
 * https://www.envoyproxy.io/docs/envoy/v1.37.0/operations/admin#post--drain_listeners
 */
export class PodDrain {
  readonly #options: PodDrainOptions;
  readonly #closing = new AbortController();
  #began = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: PodDrainOptions) {
    this.#options = options;
  }

  get began(): boolean {
    return this.#began;
  }

  /** Aborted when nothing may wait any more. */
  get closing(): AbortSignal {
    return this.#closing.signal;
  }

  /** The pod is being deleted. May be told again. */
  begin(): void {
    if (this.#began || this.#options.signal.aborted) return;
    this.#began = true;
    const log = logger("drain");
    log.info("The pod is being deleted; Envoy tells its clients to go elsewhere", {});
    this.#timer = setTimeout(() => this.#closing.abort(), this.#options.limit);
    // Clients that are not told go elsewhere when Envoy ends.
    this.#tellEnvoy().catch((error) => log.warn("Envoy could not be told to drain: {error}", { error }));
  }

  /** Ends the timer. */
  stop(): void {
    clearTimeout(this.#timer);
  }

  async #tellEnvoy(): Promise<void> {
    const { admin, signal } = this.#options;
    using limit = new Deadline(signal, ADMIN_LIMIT);
    const response = await fetch(`http://${admin}/drain_listeners?graceful&skip_exit`, {
      method: "POST",
      signal: limit.signal,
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`Envoy's admin interface answered ${response.status}: ${text.trim()}`);
  }
}
