/** This folder tells a claimed pod which view it is. */
import { Deadline } from "../async/deadline.ts";
import { DISCARD_ADDRESS } from "../envoy/discard_address.ts";
import { PROBED_ADDRESS_HEADER } from "../envoy/names.ts";
import { probedHost } from "../envoy/probed_host.ts";
import { socketsIn } from "../envoy/sockets.ts";
import { socketClient } from "../http/socket_client.ts";
import type { Assignment } from "../view/state.ts";

/**
 * A pod's answer to its assignment. `serving`: it serves as the view from now on. `refused`: the same POST would be refused
 * again. `silent`: nobody has answered, or the pod cannot yet. `not sent`: Envoy does not answer, which is not the pod's fault.
 * The detail is the end of a sentence about the pod.
 */
export type AssignmentAnswer =
  | { readonly kind: "serving" }
  | { readonly kind: "refused" | "silent" | "not sent"; readonly detail: string };

/** Milliseconds after which a POST ends if Envoy has not ended it before: see envoy/start_probes.ts. */
const LIMIT = 2_500;

/** Envoy's own answers for a pod that it cannot connect to, or that takes too long. */
const SILENT = new Set([502, 503, 504]);

/** POSTs assignments to pods through Envoy. The pod's UID is the bearer's token: only the pod and the gateway know it. */
export class AssignmentPosts {
  readonly #client: Deno.HttpClient;
  readonly #onError: (error: unknown) => void;
  #failing = false;

  /** @param onError called when Envoy does not answer, once until it answers again */
  constructor(socketDirectory: string, onError: (error: unknown) => void) {
    this.#onError = onError;
    this.#client = socketClient(socketsIn(socketDirectory).startProbes);
  }

  /**
   * Never rejects.
   * @param body see assignment_body.ts; it has credentials, which no text of this class repeats
   */
  async post(assignment: Assignment, body: string, signal: AbortSignal): Promise<AssignmentAnswer> {
    using limit = new Deadline(signal, LIMIT);
    try {
      const response = await fetch(`http://${DISCARD_ADDRESS}${assignment.path}`, {
        client: this.#client,
        method: "POST",
        headers: {
          [PROBED_ADDRESS_HEADER]: probedHost(assignment),
          "authorization": `Bearer ${assignment.pod}`,
          "content-type": "application/json",
          "user-agent": "view-gateway",
        },
        body,
        redirect: "manual",
        signal: limit.signal,
      });
      await response.body?.cancel();
      this.#failing = false;
      return answerOf(response.status);
    } catch (error) {
      if (signal.aborted || limit.passed) return { kind: "silent", detail: "has not answered" };
      if (!this.#failing) this.#onError(error);
      this.#failing = true;
      return { kind: "not sent", detail: "could not be asked, as the gateway's Envoy does not answer" };
    }
  }

  close(): void {
    this.#client.close();
  }
}

function answerOf(status: number): AssignmentAnswer {
  if (status === 200) return { kind: "serving" };
  if (SILENT.has(status)) return { kind: "silent", detail: `has not answered: ${status}` };
  return { kind: "refused", detail: `answered ${status}${MEANINGS[status] ?? ""}` };
}

const MEANINGS: Readonly<Record<number, string>> = {
  401: ", so it does not know its own UID",
  404: ", so it takes no assignment at that path",
  409: ", so it is another view already",
};
