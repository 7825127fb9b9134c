import { Backoff } from "../async/backoff.ts";
import type { Pause } from "../async/pause.ts";
import type { PodWrites } from "../kubernetes/write/pod_writes.ts";
import type { Placeholder, ViewState } from "../view/state.ts";
import type { PatchedPod } from "../view/write_outcomes.ts";

export interface PlaceholdersOptions {
  readonly view: (name: string) => ViewState | undefined;
  /** Whether anybody waits for the view at this gateway: a held request, or an open page. */
  readonly isAwaited: (view: string) => boolean;
  readonly pods: Pick<PodWrites, "release">;
  /** Called with the outcome of each release. */
  readonly onRelease: (view: string, outcome: PatchedPod) => void;
  /** Called with an error that is the gateway's own fault. */
  readonly onFault: (view: string, error: unknown) => void;
  readonly pause: Pause;
  readonly random: () => number;
}

/** Milliseconds in which the gateway that has created a Job claims a pod for it. */
const PATIENCE = 500;

/** Milliseconds after which a release is tried again whose effect the snapshot does not show. */
const LONGEST_PAUSE = 5_000;

interface Waiting {
  readonly placeholder: Placeholder;
  /** Ends the pauses between its releases. */
  readonly over: AbortController;
}

/**
 * Releases placeholders that nobody has claimed a pod for, because the gateway that created the Job has stopped or could not
 * reach Kubernetes. Each gateway does it for the views that somebody waits for at it. A claim that succeeds nevertheless gives
 * the Job two pods, and the Job controller deletes the one that is not ready.
 */
export class Placeholders {
  readonly #options: PlaceholdersOptions;
  /** By view. At most those that somebody waits for at this gateway. */
  readonly #waiting = new Map<string, Waiting>();
  readonly #tasks = new Set<Promise<void>>();
  readonly #stopping = new AbortController();

  constructor(options: PlaceholdersOptions) {
    this.#options = options;
  }

  /** The view's state has changed, or somebody has begun to wait for it. */
  update(name: string): void {
    const placeholder = placeholderOf(this.#options.view(name));
    const current = this.#waiting.get(name);
    if (current !== undefined) {
      if (current.placeholder.pod === placeholder?.pod) return;
      this.#end(name, current);
    }
    if (placeholder === undefined || this.#stopping.signal.aborted || !this.#options.isAwaited(name)) return;
    const waiting = { placeholder, over: new AbortController() };
    this.#waiting.set(name, waiting);
    const task: Promise<void> = this.#run(name, waiting).finally(() => this.#tasks.delete(task));
    this.#tasks.add(task);
  }

  /** Leaves all placeholders, and takes no others. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    for (const [name, waiting] of this.#waiting) this.#end(name, waiting);
    await Promise.all(this.#tasks);
  }

  async #run(name: string, waiting: Waiting): Promise<void> {
    const { signal } = waiting.over;
    try {
      await this.#releaseUntilGone(name, waiting.placeholder, signal);
    } catch (error) {
      if (!signal.aborted) this.#options.onFault(name, error);
    }
    this.#end(name, waiting);
  }

  /**
   * Ends when the snapshot shows no such placeholder any more, or when nobody waits for the view. The snapshot may show the
   * effect of a release before its answer comes, so only a stop ends a release.
   */
  async #releaseUntilGone(name: string, { pod, podName }: Placeholder, over: AbortSignal): Promise<void> {
    const { isAwaited, pods, onRelease, pause, random } = this.#options;
    const backoff = new Backoff(random, PATIENCE, LONGEST_PAUSE);
    await pause(PATIENCE, over);
    while (isAwaited(name)) {
      onRelease(name, await pods.release({ name: podName, uid: pod }, this.#stopping.signal));
      await pause(backoff.next(), over);
    }
  }

  #end(name: string, waiting: Waiting): void {
    waiting.over.abort();
    if (this.#waiting.get(name) === waiting) this.#waiting.delete(name);
  }
}

function placeholderOf(state: ViewState | undefined): Placeholder | undefined {
  return state?.phase.kind === "starting" ? state.phase.placeholder : undefined;
}
