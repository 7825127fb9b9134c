import { isDeepStrictEqual } from "node:util";
import { Backoff } from "../async/backoff.ts";
import type { ViewState } from "../view/state.ts";
import type { Vended } from "./vended.ts";
import type { LakeView, Vending } from "./vending.ts";

export interface RenewalsOptions {
  readonly vending: Pick<Vending, "renew" | "sweep">;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** From 0 to below 1. */
  readonly random: () => number;
  /** Told of each renewal that failed, and goes on; the text is fit to be shown to anybody. */
  readonly onFailure: (view: string, message: string) => void;
  /** Milliseconds; within which a view that has come awake is looked at first. */
  readonly first?: number;
}

/** Milliseconds between tries of a renewal that fails: at first, and at last. */
const AGAIN = 5_000;
const AGAIN_AT_LAST = 120_000;

/** Replicas renew at different times, so that mostly only one of them has to: this share of the credentials' life apart. */
const SPREAD = 0.05;

const SWEEP = 60_000;

/** A timer may be set for so long. */
const LONGEST = 2 ** 31 - 1;

interface Tracked {
  readonly view: LakeView;
  readonly backoff: Backoff;
  timer: ReturnType<typeof setTimeout> | undefined;
}

/**
 * Renews the credentials of views that run, at half of their life. Every replica does so for every view, and finds most of
 * the work done. It goes on while STS fails: pods have their credentials for the other half of their life.
 */
export class Renewals {
  readonly #options: RenewalsOptions;
  readonly #tracked = new Map<string, Tracked>();
  readonly #sweep: ReturnType<typeof setInterval>;
  #stopped = false;

  constructor(options: RenewalsOptions) {
    this.#options = options;
    this.#sweep = setInterval(() => options.vending.sweep(), SWEEP);
  }

  /** How many views' credentials are kept good. */
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
    const backoff = new Backoff(this.#options.random, AGAIN, AGAIN_AT_LAST);
    const entry: Tracked = { view: { name, uid: state.uid, spec: state.spec }, backoff, timer: undefined };
    this.#tracked.set(name, entry);
    this.#schedule(entry, this.#options.random() * (this.#options.first ?? 2_000));
  }

  /** Ends all waits. What is under way ends with the vending's signal. */
  stop(): void {
    this.#stopped = true;
    clearInterval(this.#sweep);
    for (const name of [...this.#tracked.keys()]) this.#untrack(name);
  }

  #untrack(name: string): void {
    clearTimeout(this.#tracked.get(name)?.timer);
    this.#tracked.delete(name);
  }

  #schedule(entry: Tracked, milliseconds: number): void {
    if (this.#tracked.get(entry.view.name) !== entry) return;
    entry.timer = setTimeout(() => {
      this.#options.vending.renew(entry.view).then((vended) => this.#onVended(entry, vended));
    }, Math.min(Math.max(milliseconds, 0), LONGEST));
  }

  #onVended(entry: Tracked, vended: Vended): void {
    if (this.#tracked.get(entry.view.name) !== entry) return;
    if (vended.kind === "ready") {
      entry.backoff.reset();
      const { renewAt, life } = vended.credentials;
      const due = renewAt - this.#options.now() + this.#options.random() * SPREAD * life;
      // Never at once: should the clocks disagree, it must not become a loop.
      return this.#schedule(entry, Math.max(due, 1_000));
    }
    this.#options.onFailure(entry.view.name, messageOf(vended));
    this.#schedule(entry, entry.backoff.next());
  }
}

function messageOf(vended: Exclude<Vended, { readonly kind: "ready" }>): string {
  switch (vended.kind) {
    case "failed":
      return `${vended.cause.reason}: ${vended.cause.message}`;
    case "unavailable":
      return vended.message;
    case "fault":
      return "the gateway has failed.";
  }
}
