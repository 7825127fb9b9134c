import { Deadline } from "../async/deadline.ts";
import { DISCARD_ADDRESS } from "../envoy/discard_address.ts";
import { socketsIn } from "../envoy/sockets.ts";
import { OTLP_PATH } from "../envoy/traces.ts";
import { socketClient } from "../http/socket_client.ts";

/** Milliseconds after which a request ends if Envoy has not ended it before: see envoy/traces.ts. */
const LIMIT = 3_000;

/** The collector of traces, through Envoy. */
export class Collector {
  readonly #client: Deno.HttpClient;
  readonly #never = new AbortController().signal;

  constructor(socketDirectory: string) {
    this.#client = socketClient(socketsIn(socketDirectory).traces);
  }

  /**
   * Sends a request of OTLP in JSON.
   * @throws where Envoy does not answer, or the collector does not take it
   */
  async send(body: Uint8Array<ArrayBuffer>): Promise<void> {
    using limit = new Deadline(this.#never, LIMIT);
    const response = await fetch(`http://${DISCARD_ADDRESS}${OTLP_PATH}`, {
      client: this.#client,
      method: "POST",
      headers: { "content-type": "application/json", "user-agent": "view-gateway" },
      body,
      redirect: "manual",
      signal: limit.signal,
    });
    await response.body?.cancel();
    if (!response.ok) throw new Error(`it answers ${response.status}`);
  }

  close(): void {
    this.#client.close();
  }
}
