import { PROBED_ADDRESS_HEADER } from "../envoy/names.ts";
import { DISCARD_ADDRESS } from "../envoy/discard_address.ts";
import { socketsIn } from "../envoy/sockets.ts";
import { Deadline } from "../async/deadline.ts";
import type { StartProbe } from "../view/state.ts";

/** Milliseconds after which an Envoy is not waited for that should have given up before: see start_probes.ts. */
const LIMIT = 1_000;

/** Asks pods whether they serve, through Envoy. */
export class PodProbe {
  readonly #client: Deno.HttpClient;
  readonly #onTrouble: (error: unknown) => void;
  #troubled = false;

  /** @param onTrouble told when Envoy cannot be asked, and not again before it can */
  constructor(socketDirectory: string, onTrouble: (error: unknown) => void) {
    this.#onTrouble = onTrouble;
    this.#client = Deno.createHttpClient({
      proxy: { transport: "unix", path: socketsIn(socketDirectory).startProbes },
      poolIdleTimeout: 5_000,
    });
  }

  /** Whether the pod answers well, as the kubelet sees it. Never rejects. */
  async serves({ address, port, path }: StartProbe, signal: AbortSignal): Promise<boolean> {
    const host = address.includes(":") ? `[${address}]` : address;
    using limit = new Deadline(signal, LIMIT);
    try {
      const { status, body } = await fetch(`http://${DISCARD_ADDRESS}${path}`, {
        client: this.#client,
        headers: { [PROBED_ADDRESS_HEADER]: `${host}:${port}`, "user-agent": "view-gateway-probe" },
        redirect: "manual",
        signal: limit.signal,
      });
      await body?.cancel();
      this.#troubled = false;
      return status >= 200 && status < 400;
    } catch (error) {
      // A pod that cannot be reached is a 503 of Envoy's.
      if (!signal.aborted && !this.#troubled) {
        this.#troubled = true;
        this.#onTrouble(error);
      }
      return false;
    }
  }

  close(): void {
    this.#client.close();
  }
}
