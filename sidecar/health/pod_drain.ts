import { Deadline } from "../async/deadline.ts";
import type { Pause } from "../async/pause.ts";
import { logger } from "../logging.ts";

export interface PodDrainOptions {
  /** `HOST:PORT` of Envoy's admin interface. */
  readonly admin: string;
  /** Milliseconds from the pod's deletion until the gate holds nothing any more. */
  readonly limit: number;
  readonly pause: Pause;
  /** Ends the drain. */
  readonly signal: AbortSignal;
}

/** Milliseconds that Envoy may take to answer. */
const ADMIN_LIMIT = 2_000;

/**
 * The deletion of the gateway's pod, as far as clients see it. Envoy sends its clients elsewhere, by `Connection: close`
 * and GOAWAY; until its container ends, it still takes what comes. Requests that the gate holds go elsewhere before that:
 * afterwards nobody could hold them.
 * https://www.envoyproxy.io/docs/envoy/v1.37.0/operations/admin#post--drain_listeners
 */
export class PodDrain {
  readonly #options: PodDrainOptions;
  readonly #closing = new AbortController();
  #began = false;

  constructor(options: PodDrainOptions) {
    this.#options = options;
  }

  get began(): boolean {
    return this.#began;
  }

  /** Aborts when the gate holds nothing any more. */
  get closing(): AbortSignal {
    return this.#closing.signal;
  }

  /** The pod is being deleted. Further calls change nothing. */
  begin(): void {
    const { limit, pause, signal } = this.#options;
    if (this.#began) return;
    this.#began = true;
    const log = logger("drain");
    log.info("The pod is being deleted; Envoy sends its clients elsewhere", {});
    // The pause rejects when the sidecar stops; then nothing is held either.
    pause(limit, signal).then(() => this.#closing.abort(), () => {});
    // Without it, clients go elsewhere when Envoy ends.
    this.#drainListeners().catch((error) => log.warn("Envoy does not drain its listeners: {error}", { error }));
  }

  async #drainListeners(): Promise<void> {
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
