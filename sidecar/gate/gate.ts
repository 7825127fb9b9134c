import { type EndpointAcks, EndpointsRefusedError } from "../envoy/endpoint_acks.ts";
import type { Quota } from "../async/quota.ts";
import { Deadline } from "../async/deadline.ts";
import { firstOf } from "../async/first_of.ts";
import { orAborted } from "../async/or_aborted.ts";
import type { ViewState } from "../view/state.ts";
import type { Views } from "../view/views.ts";
import { decide } from "./decide.ts";
import type { Denial } from "../denial/denial.ts";
import { launchDenial } from "../denial/launch_denial.ts";
import type { Launcher } from "../launch/launcher.ts";

/** How long a view that is awake still is. */
export interface Leases {
  /** Whether it is to get no new requests, as it is about to end. */
  ending(view: ViewState): boolean;
  /** Puts its end off, where that can be; resolves when that has come out, and never rejects. */
  renew(view: ViewState): Promise<void>;
}

/** What the wait of a request is like. */
export interface Stay {
  /** Milliseconds after which the client would rather be told that it has to wait. */
  readonly patience?: number;
  /** Bytes of Envoy's memory that the request's body may take meanwhile. */
  readonly bodyCost?: number;
  /** Milliseconds that it has waited before. */
  readonly waited?: number;
}

/** The result of a Check. `handed back`: this sidecar stops; Envoy asks again. */
export type Verdict =
  | { readonly kind: "pass"; readonly view: string }
  | { readonly kind: "denied"; readonly denial: Denial }
  | { readonly kind: "handed back" };

export interface GateOptions {
  readonly views: Views;
  /** Whether all views are known; until then one that is not known may well exist. */
  readonly synced: () => boolean;
  readonly launcher: Pick<Launcher, "launch">;
  readonly acks: EndpointAcks;
  readonly leases: Leases;
  readonly holdSeconds: number;
  /**
   * Requests that wait. All sleeping views share one Envoy cluster, so the limit that keeps one view's crowd from taking
   * the others' place is kept here.
   */
  readonly held: Quota;
  /** Bytes of Envoy's memory that the bodies of those may take. */
  readonly bodies: Quota;
  /** Aborted when the sidecar can hold no longer: what is held then is handed back. */
  readonly stopping: AbortSignal;
  /** Aborted when the gateway's pod is about to end: what is held then is sent away, to another gateway. */
  readonly closing: AbortSignal;
  /** Told of an error that is the gateway's own fault. */
  readonly onFault: (view: string, error: unknown) => void;
  /** Told when a request begins to wait for a view. */
  readonly onHeld?: (view: string) => void;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Milliseconds that an unknown name is waited for: it may have been created through another gateway just now. */
  readonly unknownGrace?: number;
}

/** Requests for unknown names that may wait at once; invented names must not take the views' places. */
const UNKNOWN_LIMIT = 200;

/** Holds each request for a view until the view is awake and Envoy knows its endpoints. */
export class Gate {
  readonly #options: GateOptions;
  #unknown = 0;

  constructor(options: GateOptions) {
    this.#options = options;
  }

  /** How many requests wait now, those for names that no view has included. */
  get held(): number {
    return this.#options.held.used + this.#unknown;
  }

  /**
   * @param name the view that the request's host names; undefined where it names none
   * @param hungUp asked for where the request has to wait: aborted when the client no longer does
   */
  async check(
    name: string | undefined,
    host: string,
    hungUp: () => AbortSignal,
    stay: Stay = {},
  ): Promise<Verdict> {
    const { bodyCost = 0 } = stay;
    const { views, acks, leases, held, bodies } = this.#options;
    if (name === undefined) return denied({ kind: "unknown view", host });
    const view = views.get(name);
    if (view === undefined) {
      const absent = await this.#untilThere(name, host, hungUp());
      return absent ?? await this.check(name, host, hungUp, stay);
    }
    if (view.phase.kind === "awake" && acks.isAcked(name) && !leases.ending(view)) return { kind: "pass", view: name };
    const full = held.acquire(name);
    if (full !== undefined) return denied({ kind: "too many held", view: name, full });
    try {
      const full = bodies.acquire(name, bodyCost);
      if (full !== undefined) return denied({ kind: "too many bytes", view: name, full });
      this.#options.onHeld?.(name);
      try {
        return await this.#hold(name, host, hungUp(), stay);
      } finally {
        bodies.release(name, bodyCost);
      }
    } finally {
      held.release(name);
    }
  }

  async #hold(name: string, host: string, hungUp: AbortSignal, stay: Stay): Promise<Verdict> {
    const { patience = Infinity, waited = 0 } = stay;
    const { views, stopping, closing, holdSeconds } = this.#options;
    const left = Math.max(0, holdSeconds * 1000 - waited);
    const impatient = patience < left;
    using wait = new Deadline([closing, stopping, hungUp], impatient ? patience : left);
    try {
      return await this.#untilDecided(name, host, wait.signal);
    } catch (error) {
      const ended = this.#ended(name, hungUp);
      if (ended !== undefined) return ended;
      if (wait.passed && impatient) return denied({ kind: "waiting", view: name, state: views.get(name) });
      if (wait.passed) return denied({ kind: "timeout", view: name, seconds: holdSeconds, state: views.get(name) });
      if (error instanceof EndpointsRefusedError) {
        return denied({ kind: "not routed", view: name, message: error.message });
      }
      this.#options.onFault(name, error);
      return denied({ kind: "fault", view: name });
    }
  }

  /** The verdict where it is neither the view nor the time that has ended a wait. */
  #ended(name: string, hungUp: AbortSignal): Verdict | undefined {
    const { stopping, closing } = this.#options;
    if (closing.aborted) return denied({ kind: "closing", view: name });
    return stopping.aborted || hungUp.aborted ? { kind: "handed back" } : undefined;
  }

  async #untilDecided(name: string, host: string, signal: AbortSignal): Promise<Verdict> {
    const { views, launcher, acks, leases, now } = this.#options;
    let attempt = { first: true, launches: 0 };
    while (true) {
      signal.throwIfAborted();
      const view = views.get(name);
      if (view === undefined) return denied({ kind: "unknown view", host });
      const decision = decide(view, attempt, now());
      switch (decision.kind) {
        case "deny":
          return { kind: "denied", denial: decision.denial };
        case "pass":
          // It comes late: the view gets no new requests any more, unless its end is put off.
          if (leases.ending(view)) await orAborted(leases.renew(view), signal);
          if (leases.ending(view)) {
            await views.until(name, (state) => state !== view, signal);
            break;
          }
          if (acks.isAcked(name)) return { kind: "pass", view: name };
          await firstOf(
            signal,
            (signal) => acks.untilAcked(name, signal),
            (signal) => views.until(name, (state) => state !== view, signal),
          );
          break;
        case "wait":
          await views.until(name, (state) => state !== view, signal);
          break;
        case "launch": {
          const outcome = await orAborted(launcher.launch(view), signal);
          if (outcome.kind === "stopping") return { kind: "handed back" };
          const denial = launchDenial(name, outcome);
          if (denial !== undefined) return { kind: "denied", denial };
          attempt = { ...attempt, launches: attempt.launches + 1 };
          break;
        }
      }
      attempt = { ...attempt, first: false };
    }
  }

  /** Waits a moment for a view that may be there soon; the verdict where it does not come. */
  async #untilThere(name: string, host: string, hungUp: AbortSignal): Promise<Verdict | undefined> {
    const { views, synced, stopping, closing, unknownGrace = 250 } = this.#options;
    const absent = (): Verdict => synced() ? denied({ kind: "unknown view", host }) : { kind: "handed back" };
    if (this.#unknown >= UNKNOWN_LIMIT) return absent();
    this.#unknown++;
    using wait = new Deadline([closing, stopping, hungUp], unknownGrace);
    try {
      await views.until(name, (state) => state !== undefined, wait.signal);
      return undefined;
    } catch {
      return this.#ended(name, hungUp) ?? absent();
    } finally {
      this.#unknown--;
    }
  }
}

const denied = (denial: Denial): Verdict => ({ kind: "denied", denial });
