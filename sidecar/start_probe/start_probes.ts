/** This folder probes pods that start, so that requests need not wait for the kubelet's report. */
import type { Pause } from "../async/pause.ts";
import type { StartProbe, ViewState } from "../view/state.ts";

export interface StartProbesOptions {
  readonly view: (name: string) => ViewState | undefined;
  /** Whether anybody waits for the view at this gateway: a held request, or an open page. */
  readonly isAwaited: (view: string) => boolean;
  /** Probes a pod once. Never rejects, and takes bounded time. */
  readonly serves: (probe: StartProbe, signal: AbortSignal) => Promise<boolean>;
  /** Called when a pod has answered. After it, the view's state is awake. */
  readonly onServing: (view: string, probe: StartProbe, milliseconds: number) => void;
  /** Called when Kubernetes has found a pod ready before its probe succeeded. */
  readonly onOvertaken: (view: string) => void;
  /** Views to probe at once. The others wait for the kubelet. */
  readonly limit?: number;
  readonly pause: Pause;
  /** Milliseconds; monotonic. */
  readonly clock: () => number;
}

/** Bounds of the interval between two probes of a view, in milliseconds. */
const MIN_INTERVAL = 25;
const MAX_INTERVAL = 250;

/** The interval as a part of the time waited so far, so that it adds little to the wait. */
const INTERVAL_PART = 1 / 40;

/** Milliseconds between two probes of any views. It bounds the cost of all probes. */
const SPACING = 2;

interface Running {
  readonly probe: StartProbe;
  readonly stop: AbortController;
}

/**
 * Probes starting pods, because the kubelet probes once per second at most, and its result takes time to arrive. It probes
 * only where the template allows it and somebody waits at this gateway.
 */
export class StartProbes {
  readonly #options: StartProbesOptions;
  readonly #running = new Map<string, Running>();
  readonly #tasks = new Set<Promise<void>>();
  #stopped = false;

  constructor(options: StartProbesOptions) {
    this.#options = options;
  }

  /** How many views it probes now. */
  get size(): number {
    return this.#running.size;
  }

  /** Starts or ends the probes of a view, after its state has changed or somebody has begun to wait for it. */
  update(name: string): void {
    const { view, isAwaited, limit = 100, onOvertaken } = this.#options;
    const state = view(name);
    const probe = probeOf(state);
    const running = this.#running.get(name);
    if (running !== undefined) {
      if (probe !== undefined && isSame(probe, running.probe)) return;
      this.#end(name, running);
      if (state?.phase.kind === "awake") onOvertaken(name);
    }
    if (probe === undefined || this.#stopped || this.#running.size >= limit || !isAwaited(name)) return;
    const begun = { probe, stop: new AbortController() };
    this.#running.set(name, begun);
    const task: Promise<void> = this.#run(name, begun).finally(() => this.#tasks.delete(task));
    this.#tasks.add(task);
  }

  /** Ends all probes, and starts no others. */
  async stop(): Promise<void> {
    this.#stopped = true;
    for (const [name, running] of this.#running) this.#end(name, running);
    await Promise.all(this.#tasks);
  }

  async #run(name: string, running: Running): Promise<void> {
    const { isAwaited, serves, onServing, pause, clock } = this.#options;
    const { probe, stop: { signal } } = running;
    const began = clock();
    while (!signal.aborted && isAwaited(name)) {
      const answered = await serves(probe, signal);
      if (signal.aborted) return;
      if (answered) {
        this.#end(name, running);
        return onServing(name, probe, clock() - began);
      }
      await pause(interval(clock() - began, this.#running.size), signal).catch(() => {});
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
 * @param waited milliseconds since the first probe of the view
 * @param views how many views are probed now
 */
export function interval(waited: number, views: number): number {
  return Math.max(Math.min(Math.max(waited * INTERVAL_PART, MIN_INTERVAL), MAX_INTERVAL), views * SPACING);
}

function probeOf(state: ViewState | undefined): StartProbe | undefined {
  return state?.phase.kind === "starting" ? state.phase.probe : undefined;
}

function isSame(a: StartProbe, b: StartProbe): boolean {
  return a.pod === b.pod && a.path === b.path && a.address === b.address && a.port === b.port;
}
