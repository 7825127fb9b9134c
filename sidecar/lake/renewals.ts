import { isDeepStrictEqual } from "node:util";
import { Backoff } from "../async/backoff.ts";
import { LONGEST_PAUSE, type Pause } from "../async/pause.ts";
import type { ViewState } from "../view/state.ts";
import type { SessionCredentials } from "./session_credentials.ts";
import type { VendingResult } from "./vending_result.ts";
import type { LakeView, Vending } from "./vending.ts";

export interface RenewalsOptions {
  readonly vending: Pick<Vending, "renew" | "sweep">;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** From 0 to below 1. */
  readonly random: () => number;
  readonly pause: Pause;
  /** Called with the present credentials each time that they have been looked at. */
  readonly onPresent?: (view: LakeView, credentials: SessionCredentials) => void;
  /** Called when a renewal has failed; it is tried again. The text may be shown to anybody. */
  readonly onFailure: (view: string, message: string) => void;
  /** Milliseconds within which a view that starts is checked first. */
  readonly first?: number;
}

/** Milliseconds between tries of a renewal that fails: the first and the longest pause. */
const AGAIN = 5_000;
const AGAIN_AT_LAST = 120_000;

/** The share of the credentials' life over which replicas spread their renewals, so that usually only one does the work. */
const SPREAD = 0.05;

const SWEEP = 60_000;

interface Tracked {
  readonly view: LakeView;
  readonly stop: AbortController;
}

/**
 * Renews the credentials of views that run, at half of their life. Every replica does so for every view, and usually finds
 * them renewed. It retries while STS fails: the credentials are valid for the other half of their life.
 */
export class Renewals {
  readonly #options: RenewalsOptions;
  readonly #tracked = new Map<string, Tracked>();
  readonly #tasks = new Set<Promise<void>>();
  #stopped = false;

  constructor(options: RenewalsOptions) {
    this.#options = options;
  }

  /** The number of views whose credentials are renewed. */
  get size(): number {
    return this.#tracked.size;
  }

  /** Takes a view's new state; undefined stands for a view that does not exist any more. */
  update(name: string, state: ViewState | undefined): void {
    const tracked = this.#tracked.get(name);
    const runs = state?.phase.kind === "awake" || state?.phase.kind === "starting";
    if (this.#stopped || !runs || !state.spec?.subsets.length) return this.#untrack(name);
    if (tracked !== undefined && tracked.view.uid === state.uid && isDeepStrictEqual(tracked.view.spec, state.spec)) {
      return;
    }
    this.#untrack(name);
    const begun = { view: { name, uid: state.uid, spec: state.spec }, stop: new AbortController() };
    this.#tracked.set(name, begun);
    const task: Promise<void> = this.#renew(begun).finally(() => this.#tasks.delete(task));
    this.#tasks.add(task);
  }

  /** Lets go of credentials that have ended, until the signal aborts. */
  async sweep(signal: AbortSignal): Promise<void> {
    const { pause, vending } = this.#options;
    while (!signal.aborted) {
      await pause(SWEEP, signal).catch(() => {});
      vending.sweep();
    }
  }

  /** Ends all waits. The vending's signal ends renewals that run. */
  async stop(): Promise<void> {
    this.#stopped = true;
    for (const name of [...this.#tracked.keys()]) this.#untrack(name);
    await Promise.all(this.#tasks);
  }

  #untrack(name: string): void {
    this.#tracked.get(name)?.stop.abort();
    this.#tracked.delete(name);
  }

  async #renew({ view, stop: { signal } }: Tracked): Promise<void> {
    const { vending, pause, random, onPresent, onFailure, first = 2_000 } = this.#options;
    const backoff = new Backoff(random, AGAIN, AGAIN_AT_LAST);
    let milliseconds = random() * first;
    while (true) {
      await pause(Math.min(Math.max(milliseconds, 0), LONGEST_PAUSE), signal).catch(() => {});
      if (signal.aborted) return;
      const vended = await vending.renew(view);
      if (signal.aborted) return;
      if (vended.kind === "ready") {
        backoff.reset();
        onPresent?.(view, vended.credentials);
        milliseconds = this.#untilHalf(vended.credentials);
      } else {
        onFailure(view.name, messageOf(vended));
        milliseconds = backoff.next();
      }
    }
  }

  /** Never at once: this must not become a loop where clocks disagree. */
  #untilHalf({ renewAt, life }: SessionCredentials): number {
    return Math.max(renewAt - this.#options.now() + this.#options.random() * SPREAD * life, 1_000);
  }
}

function messageOf(vended: Exclude<VendingResult, { readonly kind: "ready" }>): string {
  switch (vended.kind) {
    case "failed":
      return `${vended.cause.reason}: ${vended.cause.message}`;
    case "unavailable":
      return vended.message;
    case "fault":
      return "the gateway has failed.";
  }
}
