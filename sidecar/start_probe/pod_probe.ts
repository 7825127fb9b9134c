import { PROBED_ADDRESS_HEADER } from "../envoy/names.ts";
import { DISCARD_ADDRESS } from "../envoy/discard_address.ts";
import { probedHost } from "../envoy/probed_host.ts";
import { socketsIn } from "../envoy/sockets.ts";
import { socketClient } from "../http/socket_client.ts";
import { Deadline } from "../async/deadline.ts";
import type { StartProbe } from "../view/state.ts";

/** Milliseconds after which a probe ends if Envoy has not ended it before: see envoy/start_probes.ts. */
const LIMIT = 1_000;

/** Probes pods through Envoy. */
export class PodProbe {
  readonly #client: Deno.HttpClient;
  readonly #onError: (error: unknown) => void;
  #failing = false;

  /** @param onError called when Envoy does not answer, once until it answers again */
  constructor(socketDirectory: string, onError: (error: unknown) => void) {
    this.#onError = onError;
    this.#client = socketClient(socketsIn(socketDirectory).startProbes);
  }

  /** Whether the pod answers with a status that the kubelet takes for success. Never rejects. */
  async serves(probe: StartProbe, signal: AbortSignal): Promise<boolean> {
    using limit = new Deadline(signal, LIMIT);
    try {
      const { status, body } = await fetch(`http://${DISCARD_ADDRESS}${probe.path}`, {
        client: this.#client,
        headers: { [PROBED_ADDRESS_HEADER]: probedHost(probe), "user-agent": "view-gateway-probe" },
        redirect: "manual",
        signal: limit.signal,
      });
      await body?.cancel();
      this.#failing = false;
      return status >= 200 && status < 400;
    } catch (error) {
      // For a pod that it cannot reach, Envoy answers 503. So this is an error of Envoy itself.
      if (!signal.aborted && !this.#failing) {
        this.#failing = true;
        this.#onError(error);
      }
      return false;
    }
  }

  close(): void {
    this.#client.close();
  }
}
