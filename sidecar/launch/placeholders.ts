import { Backoff } from "../async/backoff.ts";
import { NamedTasks } from "../async/named_tasks.ts";
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

/**
 * Releases placeholders that nobody has claimed a pod for, because the gateway that created the Job has stopped or could not
 * reach Kubernetes. Each gateway does it for the views that somebody waits for at it. A claim that succeeds nevertheless gives
 * the Job two pods, and the Job controller deletes the one that is not ready.
 */
export class Placeholders {
  readonly #options: PlaceholdersOptions;
  /** By view. At most those that somebody waits for at this gateway. The end of a task ends the pauses between its releases. */
  readonly #waiting: NamedTasks<Placeholder>;
  readonly #stopping = new AbortController();

  constructor(options: PlaceholdersOptions) {
    this.#options = options;
    this.#waiting = new NamedTasks(options.onFault);
  }

  /** The view's state has changed, or somebody has begun to wait for it. */
  update(name: string): void {
    const placeholder = placeholderOf(this.#options.view(name));
    const current = this.#waiting.get(name);
    if (current !== undefined) {
      if (current.pod === placeholder?.pod) return;
      this.#waiting.end(name);
    }
    if (placeholder === undefined || !this.#options.isAwaited(name)) return;
    this.#waiting.begin(name, placeholder, (signal) => this.#releaseUntilGone(name, placeholder, signal));
  }

  /** Leaves all placeholders, and takes no others. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#waiting.stop();
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
}

function placeholderOf(state: ViewState | undefined): Placeholder | undefined {
  return state?.phase.kind === "starting" ? state.phase.placeholder : undefined;
}
