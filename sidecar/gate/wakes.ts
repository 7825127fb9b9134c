import type { StartKind, ViewState } from "../view/state.ts";

/** A wake of a view at this gateway. */
export interface Wake {
  readonly view: string;
  /** When its first request began to wait, in milliseconds. */
  readonly since: number;
  waiting: number;
}

export interface WakesOptions {
  readonly view: (name: string) => ViewState | undefined;
  /** Called once for each wake, when its first request passes. */
  readonly onWake: (start: StartKind, milliseconds: number) => void;
  /** Milliseconds. */
  readonly now: () => number;
}

/** Times wakes: from the first request that waits for a view to the first that passes. */
export class Wakes {
  /** Those that nobody has passed yet, by their views. */
  readonly #underWay = new Map<string, Wake>();
  readonly #options: WakesOptions;

  constructor(options: WakesOptions) {
    this.#options = options;
  }

  /** A request begins to wait. Returns the wake that it is a part of; undefined for a view that is awake already. */
  join({ name, phase }: ViewState): Wake | undefined {
    const present = this.#underWay.get(name);
    if (present === undefined && phase.kind === "awake") return undefined;
    const wake = present ?? { view: name, since: this.#options.now(), waiting: 0 };
    wake.waiting++;
    this.#underWay.set(name, wake);
    return wake;
  }

  /** A request of this wake waits no more. A wake that all requests have left is forgotten. */
  leave(wake: Wake, passed: boolean): void {
    wake.waiting--;
    if (this.#underWay.get(wake.view) !== wake) return;
    if (passed || wake.waiting === 0) this.#underWay.delete(wake.view);
    const start = this.#options.view(wake.view)?.start;
    if (passed && start !== undefined) this.#options.onWake(start, this.#options.now() - wake.since);
  }
}
