import type { Pause } from "../async/pause.ts";
import type { StartProbe, ViewState } from "../view/state.ts";

export interface StartProbesOptions {
  readonly view: (name: string) => ViewState | undefined;
  /** Whether somebody waits for the view here: a request that is held, or a page that follows its start. */
  readonly waited: (view: string) => boolean;
  /** Asks a pod once; never rejects, and takes bounded time. */
  readonly serves: (probe: StartProbe, signal: AbortSignal) => Promise<boolean>;
  /** A pod has answered well; the view's state is awake thereafter. */
  readonly onServing: (view: string, probe: StartProbe, milliseconds: number) => void;
  /** Kubernetes has told of a pod that was still being asked. */
  readonly onOvertaken: (view: string) => void;
  /** Views that may be probed at once; the others wait for the kubelet alone. */
  readonly limit?: number;
  readonly pause: Pause;
  /** Milliseconds; monotonic. */
  readonly now: () => number;
}

/** In milliseconds. */
const SHORTEST = 25;
const LONGEST = 250;

/** An interval may be such a part of the time that was waited already: it adds little to it then. */
const PART = 1 / 40;

/** Milliseconds between two probes of all views together: what probing costs in all is bounded. */
const SPACING = 2;

interface Running {
  readonly probe: StartProbe;
  readonly stop: AbortController;
}

/**
 * Probes pods that start, where their template lets the gateway and somebody waits for them: the kubelet asks each second
 * at the most, and its answer goes a long way. Each gateway probes for those that wait at it and tells no other.
 */
export class StartProbes {
  readonly #options: StartProbesOptions;
  readonly #running = new Map<string, Running>();
  readonly #tasks = new Set<Promise<void>>();
  #stopped = false;

  constructor(options: StartProbesOptions) {
    this.#options = options;
  }

  /** How many views are probed now. */
  get size(): number {
    return this.#running.size;
  }

  /** Looks whether a view is to be probed: its state has changed, or somebody waits for it now. */
  look(name: string): void {
    const { view, waited, limit = 100, onOvertaken } = this.#options;
    const state = view(name);
    const probe = probeOf(state);
    const running = this.#running.get(name);
    if (running !== undefined) {
      if (probe !== undefined && isSame(probe, running.probe)) return;
      this.#end(name, running);
      if (state?.phase.kind === "awake") onOvertaken(name);
    }
    if (probe === undefined || this.#stopped || this.#running.size >= limit || !waited(name)) return;
    const begun = { probe, stop: new AbortController() };
    this.#running.set(name, begun);
    const task: Promise<void> = this.#run(name, begun).finally(() => this.#tasks.delete(task));
    this.#tasks.add(task);
  }

  /** Ends all probes; none begins any more. */
  async stop(): Promise<void> {
    this.#stopped = true;
    for (const [name, running] of this.#running) this.#end(name, running);
    await Promise.all(this.#tasks);
  }

  async #run(name: string, running: Running): Promise<void> {
    const { waited, serves, onServing, pause, now } = this.#options;
    const { probe, stop: { signal } } = running;
    const began = now();
    while (!signal.aborted && waited(name)) {
      const answered = await serves(probe, signal);
      if (signal.aborted) return;
      if (answered) {
        this.#end(name, running);
        return onServing(name, probe, now() - began);
      }
      await pause(interval(now() - began, this.#running.size), signal).catch(() => {});
    }
    this.#end(name, running);
  }

  #end(name: string, running: Running): void {
    running.stop.abort();
    if (this.#running.get(name) === running) this.#running.delete(name);
  }
}

/**
 * Milliseconds until the next probe of a view.
 * @param waited milliseconds since its first
 * @param views how many are probed at once
 */
export function interval(waited: number, views: number): number {
  return Math.max(Math.min(Math.max(waited * PART, SHORTEST), LONGEST), views * SPACING);
}

function probeOf(state: ViewState | undefined): StartProbe | undefined {
  return state?.phase.kind === "starting" ? state.phase.probe : undefined;
}

function isSame(a: StartProbe, b: StartProbe): boolean {
  return a.pod === b.pod && a.path === b.path && a.address === b.address && a.port === b.port;
}
