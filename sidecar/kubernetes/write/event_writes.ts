import { createHash } from "node:crypto";
import { Deadline } from "../../async/deadline.ts";
import type { TokenBucket } from "../../async/token_bucket.ts";
import type { Warning } from "../../view/warning.ts";
import type { Refusal } from "../../view/write_outcomes.ts";
import { isKind, refusalOf } from "../refusal.ts";
import { ResourceClient } from "../resource_client.ts";
import type { Transport } from "../transport.ts";

/** What the Event is about: a view's Service, or the Job of a warm pool. */
export interface InvolvedObject {
  /** Default: `Service`. */
  readonly kind?: "Service" | "Job";
  readonly name: string;
  readonly uid: string;
}

/** `dropped`: the rate limit allows no Event now. */
export type EventOutcome = { readonly kind: "written" } | { readonly kind: "dropped" } | Refusal;

export interface EventWritesOptions {
  readonly transport: Pick<Transport, "call">;
  readonly namespace: string;
  readonly rate: Pick<TokenBucket, "take">;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

const API_VERSIONS = { Service: "v1", Job: "batch/v1" } as const;

/** Characters; Kubernetes has 1,024 bytes. */
const MAX_MESSAGE = 500;

/** Milliseconds; a late Event is worth little. */
const LIMIT = 3_000;

/** Writes Events, for people who look at views' Services and at pools with kubectl. */
export class EventWrites {
  readonly #options: EventWritesOptions;
  readonly #events: ResourceClient;

  constructor(options: EventWritesOptions) {
    this.#options = options;
    const { transport, namespace } = options;
    this.#events = new ResourceClient(transport, { api: "/api/v1", plural: "events", namespace });
  }

  /**
   * Writes an Event of type Warning about this object.
   * @throws the signal's reason
   */
  async warn(
    { kind = "Service", name, uid }: InvolvedObject,
    warning: Warning,
    signal: AbortSignal,
  ): Promise<EventOutcome> {
    const { namespace, rate, now } = this.#options;
    if (!rate.take()) return { kind: "dropped" };
    const { reason, message, once } = warning;
    const at = new Date(now()).toISOString().replace(/\.[0-9]+Z$/, "Z");
    const event = {
      apiVersion: "v1",
      kind: "Event",
      metadata: once === undefined ? { generateName: `${name}.` } : { name: `${name}.${digest([uid, reason, once])}` },
      involvedObject: { apiVersion: API_VERSIONS[kind], kind, namespace, name, uid },
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
      await this.#events.create(event, limit.signal);
      return { kind: "written" };
    } catch (error) {
      signal.throwIfAborted();
      if (isKind(error, "AlreadyExists")) return { kind: "written" };
      if ((error as Error).name === "TimeoutError") return { kind: "unavailable", message: (error as Error).message };
      return refusalOf(error);
    }
  }
}

function digest(parts: readonly string[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 16);
}
