import { PROBED_ADDRESS_HEADER, startProbesSocket } from "../envoy/names.ts";
import type { StartProbe } from "../view/state.ts";

/** Milliseconds after which an Envoy is not waited for that should have given up before: see start_probes.ts. */
const LIMIT = 1_000;

/** Never resolved: the connection is the socket's. The sidecar may speak to this host only. */
const HOST = "start-probe.invalid";

/** Asks pods whether they serve, through Envoy. */
export class PodProbe {
  readonly #client: Deno.HttpClient;

  constructor(socketDirectory: string) {
    this.#client = Deno.createHttpClient({
      proxy: { transport: "unix", path: startProbesSocket(socketDirectory) },
      poolIdleTimeout: 5_000,
    });
  }

  /** Whether the pod answers well, as the kubelet sees it. Never rejects. */
  async serves({ address, port, path }: StartProbe, signal: AbortSignal): Promise<boolean> {
    const host = address.includes(":") ? `[${address}]` : address;
    try {
      const { status, body } = await fetch(`http://${HOST}${path}`, {
        client: this.#client,
        headers: { [PROBED_ADDRESS_HEADER]: `${host}:${port}`, "user-agent": "view-gateway-probe" },
        redirect: "manual",
        signal: AbortSignal.any([signal, AbortSignal.timeout(LIMIT)]),
      });
      await body?.cancel();
      return status >= 200 && status < 400;
    } catch {
      // What went wrong does not matter: it is asked again, and the kubelet asks too.
      return false;
    }
  }

  close(): void {
    this.#client.close();
  }
}
