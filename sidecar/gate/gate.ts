/** This folder answers Envoy's ext_authz checks: a request waits here until its view is awake. */
import { type EndpointAcks, EndpointsRefusedError } from "../envoy/endpoint_acks.ts";
import type { Quota } from "../async/quota.ts";
import { Deadline } from "../async/deadline.ts";
import { firstOf } from "../async/first_of.ts";
import { orAborted } from "../async/or_aborted.ts";
import type { Opening } from "../access/opening.ts";
import type { StartKind, ViewState } from "../view/state.ts";
import { isSameVersion } from "../view/same_version.ts";
import type { Views } from "../view/views.ts";
import { decide, type RequestHistory } from "./decide.ts";
import type { Denial } from "../denial/denial.ts";
import { launchDenial } from "../denial/launch_denial.ts";
import type { Launcher, LaunchOutcome } from "../launch/launcher.ts";
import { Wakes } from "./wakes.ts";

/** The leases of views that are awake. */
export interface LeaseExtension {
  /** Whether the view is about to end, and gets no new requests. */
  isEnding(view: ViewState): boolean;
  /** Extends the view's lease where possible. Resolves when the write has succeeded or failed; never rejects. */
  renew(view: ViewState): Promise<void>;
}

/** A request for the gate to check. */
export interface GatedRequest {
  /** The view that the request's host names; undefined where it names none. */
  readonly view: string | undefined;
  readonly host: string;
  /** Returns a signal that aborts when the client disconnects. Called only where the request has to wait. */
  readonly disconnected: () => AbortSignal;
  /** Milliseconds after which the client prefers a page that shows progress. */
  readonly patience?: number;
  /** Bytes of Envoy's memory that the request's body may take while the request waits. */
  readonly bodyCost?: number;
  /** Milliseconds that the request has waited before. */
  readonly waited?: number;
  /** Called when the request begins to wait for its view. */
  readonly onHeld?: (view: string) => void;
  /** Whether the request may open the view; missing where everybody may open all. */
  readonly opens?: (view: ViewState | undefined, signal: AbortSignal) => Promise<Opening>;
}

/** How a request may open its view. */
export type Open = Opening & { readonly kind: "open" };

/** The result of a check. `handed back`: this sidecar cannot decide; Envoy sends the request again. */
export type Verdict =
  /** `opening` is missing where everybody may open all views. */
  | { readonly kind: "pass"; readonly view: string; readonly opening?: Open }
  | { readonly kind: "denied"; readonly denial: Denial }
  | { readonly kind: "handed back" };

export interface GateOptions {
  readonly views: Views;
  /** Whether the snapshot holds all views. Before that, a view that is not in it may exist. */
  readonly synced: () => boolean;
  readonly launcher: Pick<Launcher, "launch">;
  readonly acks: EndpointAcks;
  readonly leases: LeaseExtension;
  readonly holdSeconds: number;
  /**
   * Requests that wait. All sleeping views share one Envoy cluster, so Envoy cannot limit the requests for one of them;
   * this quota does.
   */
  readonly held: Quota;
  /** Bytes of Envoy's memory that the bodies of waiting requests may take. */
  readonly bodies: Quota;
  /** Aborts when the sidecar stops: the gate hands waiting requests back. */
  readonly stopping: AbortSignal;
  /** Aborts when the gateway's pod is about to end: the gate denies waiting requests, so clients try another gateway. */
  readonly closing: AbortSignal;
  /** Called with an error that is the gateway's own fault. */
  readonly onFault: (view: string, error: unknown) => void;
  /** Called when a request begins to wait for a view. */
  readonly onHeld?: (view: string) => void;
  /** Called once for each wake of a view, when its first request passes. */
  readonly onWake?: (start: StartKind, milliseconds: number) => void;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Milliseconds that a request waits for an unknown view: another gateway may have just created it. */
  readonly unknownGrace?: number;
}

/** Requests for unknown views that may wait at once. Invented names must not use up the quota of views. */
const UNKNOWN_LIMIT = 200;

/** Holds each request for a view until the view is awake and Envoy has ACKed its endpoints. */
export class Gate {
  readonly #options: GateOptions;
  readonly #wakes: Wakes;
  #unknown = 0;

  constructor(options: GateOptions) {
    this.#options = options;
    const { views, now, onWake = () => {} } = options;
    this.#wakes = new Wakes({ view: (name) => views.get(name), onWake, now });
  }

  /** How many requests wait now, including those for unknown views. */
  get held(): number {
    return this.#options.held.used + this.#unknown;
  }

  /** Decides on a request, once its view is awake or cannot be. Whether it may open the view comes before all else. */
  async check(request: GatedRequest): Promise<Verdict> {
    const { view: name, host, opens } = request;
    const { views, synced } = this.#options;
    if (name === undefined) return denied({ kind: "unknown view", host });
    const view = views.get(name);
    const isKnown = synced();
    // Before the first sync the view may exist, and be public.
    const access = view === undefined && !isKnown ? {} : await this.#access(request, name, view);
    if ("verdict" in access) return access.verdict;
    if (view === undefined) return await this.#waitForCreation(name, request, isKnown) ?? await this.check(request);
    const verdict = await this.#admit(name, view, request);
    if (verdict.kind !== "pass" || opens === undefined) return verdict;
    const now = views.get(name);
    const present = isSameVersion(now, view) ? access : await this.#access(request, name, now);
    return "verdict" in present ? present.verdict : { ...verdict, ...present };
  }

  /** Whether the request may open the view now: how, or what it gets instead. */
  async #access(
    { opens, disconnected }: GatedRequest,
    name: string,
    view: ViewState | undefined,
  ): Promise<{ readonly opening?: Open } | { readonly verdict: Verdict }> {
    if (opens === undefined) return {};
    const gone = disconnected();
    try {
      const opening = await opens(view, gone);
      return opening.kind === "open" ? { opening } : { verdict: denied(opening.denial) };
    } catch (error) {
      const interruption = this.#interruption(name, gone);
      if (interruption !== undefined) return { verdict: interruption };
      this.#options.onFault(name, error);
      return { verdict: denied({ kind: "fault", view: name }) };
    }
  }

  async #admit(name: string, view: ViewState, request: GatedRequest): Promise<Verdict> {
    const { acks, leases, held, bodies } = this.#options;
    const { bodyCost = 0 } = request;
    if (view.phase.kind === "awake" && acks.isAcked(name) && !leases.isEnding(view)) {
      return { kind: "pass", view: name };
    }
    const full = held.acquire(name);
    if (full !== undefined) return denied({ kind: "too many held", view: name, full });
    try {
      const full = bodies.acquire(name, bodyCost);
      if (full !== undefined) return denied({ kind: "too many bytes", view: name, full });
      const wake = this.#wakes.join(view);
      let verdict: Verdict | undefined;
      try {
        request.onHeld?.(name);
        this.#options.onHeld?.(name);
        verdict = await this.#hold(name, request);
        return verdict;
      } finally {
        if (wake !== undefined) this.#wakes.leave(wake, verdict?.kind === "pass");
        bodies.release(name, bodyCost);
      }
    } finally {
      held.release(name);
    }
  }

  async #hold(name: string, { host, disconnected, patience = Infinity, waited = 0 }: GatedRequest): Promise<Verdict> {
    const { views, stopping, closing, holdSeconds } = this.#options;
    const gone = disconnected();
    const left = Math.max(0, holdSeconds * 1000 - waited);
    const impatient = patience < left;
    using wait = new Deadline([closing, stopping, gone], impatient ? patience : left);
    try {
      return await this.#waitForVerdict(name, host, wait.signal);
    } catch (error) {
      const interruption = this.#interruption(name, gone);
      if (interruption !== undefined) return interruption;
      if (wait.passed && impatient) return denied({ kind: "waiting", view: name, state: views.get(name) });
      if (wait.passed) return denied({ kind: "timeout", view: name, seconds: holdSeconds, state: views.get(name) });
      if (error instanceof EndpointsRefusedError) {
        return denied({ kind: "not routed", view: name, message: error.message });
      }
      this.#options.onFault(name, error);
      return denied({ kind: "fault", view: name });
    }
  }

  /** The verdict on a request whose wait ended because the sidecar stops or the client is gone. */
  #interruption(name: string, gone: AbortSignal): Verdict | undefined {
    const { stopping, closing } = this.#options;
    if (closing.aborted) return denied({ kind: "closing", view: name });
    return stopping.aborted || gone.aborted ? { kind: "handed back" } : undefined;
  }

  async #waitForVerdict(name: string, host: string, signal: AbortSignal): Promise<Verdict> {
    const { views, acks, leases, now } = this.#options;
    let history: RequestHistory = { first: true, launches: 0 };
    while (true) {
      signal.throwIfAborted();
      const view = views.get(name);
      if (view === undefined) return denied({ kind: "unknown view", host });
      const decision = decide(view, history, now());
      switch (decision.kind) {
        case "deny":
          return { kind: "denied", denial: decision.denial };
        case "pass":
          // The view gets no new requests shortly before its end. The gate extends the lease and lets the request through.
          if (leases.isEnding(view)) await orAborted(leases.renew(view), signal);
          if (leases.isEnding(view)) {
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
          const outcome = await this.#launch(view, signal);
          if (outcome?.kind === "stopping") return { kind: "handed back" };
          const denial = outcome && launchDenial(name, outcome);
          if (denial !== undefined) return { kind: "denied", denial };
          history = { ...history, launches: history.launches + 1 };
          break;
        }
      }
      history = { ...history, first: false };
    }
  }

  /** Launches a view; undefined if it is awake before the launch has ended, which may still wait for Kubernetes. */
  async #launch(view: ViewState, signal: AbortSignal): Promise<LaunchOutcome | undefined> {
    const { launcher, views } = this.#options;
    const launched: { outcome?: LaunchOutcome } = {};
    await firstOf(
      signal,
      async (signal) => {
        launched.outcome = await orAborted(launcher.launch(view), signal);
      },
      (signal) => views.until(view.name, (state) => state?.phase.kind === "awake", signal),
    );
    return launched.outcome;
  }

  /**
   * Waits shortly for a view that another gateway may have created. Returns a verdict if the view does not appear.
   * @param isKnown whether the snapshot held all views when it was looked for
   */
  async #waitForCreation(
    name: string,
    { host, disconnected }: GatedRequest,
    isKnown: boolean,
  ): Promise<Verdict | undefined> {
    const { views, stopping, closing, unknownGrace = 250 } = this.#options;
    const gone = disconnected();
    const absent = (): Verdict => isKnown ? denied({ kind: "unknown view", host }) : { kind: "handed back" };
    if (this.#unknown >= UNKNOWN_LIMIT) return absent();
    this.#unknown++;
    using wait = new Deadline([closing, stopping, gone], unknownGrace);
    try {
      await views.until(name, (state) => state !== undefined, wait.signal);
      return undefined;
    } catch {
      return this.#interruption(name, gone) ?? absent();
    } finally {
      this.#unknown--;
    }
  }
}

const denied = (denial: Denial): Verdict => ({ kind: "denied", denial });
