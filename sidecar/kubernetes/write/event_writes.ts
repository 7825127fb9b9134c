import { createHash } from "node:crypto";
import { Deadline } from "../../async/deadline.ts";
import type { Warning } from "../../view/warning.ts";
import { create } from "./create.ts";
import type { TokenBucket } from "../../async/token_bucket.ts";
import { isKind, type Refusal, refusalOf } from "../refusal.ts";
import type { Transport } from "../transport.ts";

/** What an Event is about. */
export interface InvolvedObject {
  readonly name: string;
  readonly uid: string;
}

/** `dropped`: there were too many lately. */
export type EventOutcome = { readonly kind: "told" } | { readonly kind: "dropped" } | Refusal;

/** Characters; Kubernetes has 1,024 bytes. */
const MAX_MESSAGE = 500;

/** Milliseconds; an Event that comes late is worth little. */
const LIMIT = 3_000;

/** Tells, by Events, whoever looks at views' Services with kubectl. */
export class EventWrites {
  readonly #transport: Transport;
  readonly #namespace: string;
  readonly #rate: Pick<TokenBucket, "take">;

  constructor(transport: Transport, namespace: string, rate: Pick<TokenBucket, "take">) {
    this.#transport = transport;
    this.#namespace = namespace;
    this.#rate = rate;
  }

  /**
   * Makes a Warning about a view's Service.
   * @throws the signal's reason
   */
  async warn(
    { name, uid }: InvolvedObject,
    { reason, message, once }: Warning,
    signal: AbortSignal,
  ): Promise<EventOutcome> {
    if (!this.#rate.take()) return { kind: "dropped" };
    const namespace = this.#namespace;
    const at = new Date().toISOString().replace(/\.[0-9]+Z$/, "Z");
    const event = {
      apiVersion: "v1",
      kind: "Event",
      metadata: once === undefined ? { generateName: `${name}.` } : { name: `${name}.${digest([uid, reason, once])}` },
      involvedObject: { apiVersion: "v1", kind: "Service", namespace, name, uid },
      type: "Warning",
      reason,
      message: message.length > MAX_MESSAGE ? `${message.slice(0, MAX_MESSAGE)}…` : message,
      source: { component: "view-gateway" },
      reportingComponent: "view-gateway",
      firstTimestamp: at,
      lastTimestamp: at,
      count: 1,
    };
    using limit = new Deadline(signal, LIMIT);
    try {
      const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/events`;
      await create(this.#transport, path, event, limit.signal);
      return { kind: "told" };
    } catch (error) {
      signal.throwIfAborted();
      if (isKind(error, "AlreadyExists")) return { kind: "told" };
      if ((error as Error).name === "TimeoutError") return { kind: "unavailable", message: (error as Error).message };
      return refusalOf(error);
    }
  }
}

function digest(parts: readonly string[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 16);
}
