import { Backoff } from "../async/backoff.ts";
import { Deadline } from "../async/deadline.ts";
import { orAborted } from "../async/or_aborted.ts";
import type { Pause } from "../async/pause.ts";
import { Semaphore } from "../async/semaphore.ts";
import type { Assignment, Cause, ViewState } from "../view/state.ts";
import { ASSIGN_ANNOTATION, WARM_ANNOTATION } from "../view/warm.ts";
import { assignmentBody, type AssignmentFiles } from "./assignment_body.ts";
import type { AssignmentAnswer } from "./assignment_posts.ts";

/** The view's files for its pod, and when their credentials end; or why there are none. `unavailable`: none for now. */
export type FilesResult =
  | { readonly kind: "ready"; readonly files: AssignmentFiles; readonly endAt?: number }
  | { readonly kind: "failed" | "unavailable"; readonly cause: Cause };

/** What became of an assignment. `overtaken`: another gateway was first, or the view does not need it any more. */
export type AssignmentOutcome = "assigned" | "failed" | "no credentials" | "overtaken";

export interface AssignmentsOptions {
  readonly view: (name: string) => ViewState | undefined;
  /** Whether anybody waits for the view at this gateway: a held request, or an open page. */
  readonly isAwaited: (view: string) => boolean;
  /** Never rejects, and takes bounded time. */
  readonly files: (view: ViewState) => Promise<FilesResult>;
  /** Never rejects. */
  readonly post: (assignment: Assignment, body: string, signal: AbortSignal) => Promise<AssignmentAnswer>;
  /** The pod has become the view's. `endAt`: when its credentials end. After it, the view's state is awake. */
  readonly onAssigned: (view: ViewState, assignment: Assignment, endAt: number | undefined) => void;
  /** The pod will not become the view's. After it, the view's state has no such assignment. */
  readonly onFailed: (view: ViewState, assignment: Assignment, cause: Cause) => void;
  readonly onOutcome: (view: string, outcome: AssignmentOutcome, milliseconds: number) => void;
  /** An error that is the gateway's own fault. */
  readonly onFault: (view: string, error: unknown) => void;
  /** Assignments at once. The others wait in order. */
  readonly limit?: number;
  readonly pause: Pause;
  readonly clock: () => number;
  readonly random: () => number;
}

/** Milliseconds that a pod has to take its assignment. Then the view gets another pod. */
const LIMIT = 3_000;

/** Milliseconds between two POSTs to a pod: the first and the longest pause. */
const AGAIN = 50;
const AGAIN_AT_LAST = 500;

/** Milliseconds in which the gateway that somebody waits at makes the assignment, and notes it. */
const PATIENCE = 1_000;

/** Why a view's pool pod has not become the view's. */
export const ASSIGNMENT_FAILED = "AssignmentFailed";

interface Running {
  readonly state: ViewState;
  readonly assignment: Assignment;
  readonly stop: AbortController;
  /** Resolves when somebody begins to wait. */
  readonly awaited: PromiseWithResolvers<void>;
}

/**
 * Tells claimed pods which view they are. Every gateway does so for every view that is not known to be assigned, at once
 * where somebody waits for it. The gateway that claimed a pod may have stopped; the same assignment twice does no harm.
 */
export class Assignments {
  readonly #options: AssignmentsOptions;
  readonly #slots: Semaphore;
  readonly #running = new Map<string, Running>();
  readonly #tasks = new Set<Promise<void>>();
  #stopped = false;

  constructor(options: AssignmentsOptions) {
    this.#options = options;
    this.#slots = new Semaphore(options.limit ?? 100);
  }

  /** How many views have an assignment to come. */
  get size(): number {
    return this.#running.size;
  }

  /** The view's state has changed, or somebody has begun to wait for it. */
  update(name: string): void {
    const state = this.#options.view(name);
    const assignment = assignmentOf(state);
    const running = this.#running.get(name);
    if (running !== undefined) {
      if (assignment !== undefined && state?.uid === running.state.uid && isSame(assignment, running.assignment)) {
        if (this.#options.isAwaited(name)) running.awaited.resolve();
        return;
      }
      this.#end(name, running);
      this.#lost(running, state);
      // What is told of it may have changed the state.
      return this.update(name);
    }
    if (state === undefined || assignment === undefined || this.#stopped) return;
    const begun = {
      ...{ state, assignment },
      stop: new AbortController(),
      awaited: Promise.withResolvers<void>(),
    };
    if (this.#options.isAwaited(name)) begun.awaited.resolve();
    this.#running.set(name, begun);
    const task: Promise<void> = this.#run(name, begun).finally(() => this.#tasks.delete(task));
    this.#tasks.add(task);
  }

  /** Ends all assignments, and starts no others. */
  async stop(): Promise<void> {
    this.#stopped = true;
    for (const [name, running] of this.#running) this.#end(name, running);
    await Promise.all(this.#tasks);
  }

  /** The state has changed before the pod answered. */
  #lost({ state, assignment }: Running, after: ViewState | undefined): void {
    const { onFailed, onOutcome } = this.#options;
    if (after?.uid !== state.uid || isWell(after)) return onOutcome(state.name, "overtaken", 0);
    onFailed(state, assignment, causeOf(assignment, "has ended before it became the view's"));
    onOutcome(state.name, "failed", 0);
  }

  async #run(name: string, running: Running): Promise<void> {
    const { assignment, stop: { signal } } = running;
    try {
      await this.#whenDue(running, signal);
      const state = this.#options.view(name) ?? running.state;
      const result = await this.#files(state, signal);
      if (result.kind !== "ready") return this.#failed(name, running, result.cause, "no credentials", 0);
      const body = assignmentBody(state, result.files);
      const began = this.#options.clock();
      const answer = await this.#slots.use(() => this.#post(assignment, body, signal), signal);
      if (signal.aborted) return;
      const took = this.#options.clock() - began;
      if (answer.kind !== "serving") {
        const reason = answer.kind === "not sent" ? "Unavailable" : ASSIGNMENT_FAILED;
        return this.#failed(name, running, causeOf(assignment, answer.detail, reason), "failed", took);
      }
      this.#end(name, running);
      this.#options.onAssigned(state, assignment, result.endAt);
      this.#options.onOutcome(name, "assigned", took);
    } catch (error) {
      if (!signal.aborted) this.#options.onFault(name, error);
    } finally {
      this.#end(name, running);
    }
  }

  /** At once where somebody waits, else after a moment in which another gateway may do it. */
  async #whenDue({ awaited }: Running, signal: AbortSignal): Promise<void> {
    const { pause, random } = this.#options;
    using moment = new Deadline(signal);
    const due = pause(PATIENCE * (1 + random()), moment.signal).catch(() => {});
    await orAborted(Promise.race([awaited.promise, due]), signal);
    moment.abort(undefined);
  }

  /** Another gateway may make the assignment while this one has no files for it. */
  async #files(state: ViewState, signal: AbortSignal): Promise<FilesResult> {
    const { files, pause, clock, random } = this.#options;
    const until = clock() + LIMIT;
    const backoff = new Backoff(random, AGAIN, AGAIN_AT_LAST);
    while (true) {
      const result = await orAborted(files(state), signal);
      if (result.kind !== "unavailable" || clock() >= until) return result;
      await pause(backoff.next(), signal);
    }
  }

  /** Sends the POST until it is answered, or the time is over. */
  async #post(assignment: Assignment, body: string, signal: AbortSignal): Promise<AssignmentAnswer> {
    const { post, pause, clock, random } = this.#options;
    const until = clock() + LIMIT;
    const backoff = new Backoff(random, AGAIN, AGAIN_AT_LAST);
    using limit = new Deadline(signal, LIMIT);
    while (true) {
      const answer = await post(assignment, body, limit.signal);
      if (answer.kind === "serving" || answer.kind === "refused" || limit.signal.aborted || clock() >= until) {
        return answer;
      }
      await pause(Math.min(backoff.next(), Math.max(until - clock(), 0)), limit.signal).catch(() => {});
      if (limit.signal.aborted) return answer;
    }
  }

  #failed(name: string, running: Running, cause: Cause, outcome: "failed" | "no credentials", took: number): void {
    this.#end(name, running);
    this.#options.onFailed(running.state, running.assignment, cause);
    this.#options.onOutcome(name, outcome, took);
  }

  #end(name: string, running: Running): void {
    running.stop.abort();
    if (this.#running.get(name) === running) this.#running.delete(name);
  }
}

/** The assignment that a view waits for. */
function assignmentOf(state: ViewState | undefined): Assignment | undefined {
  return state?.phase.kind === "starting" ? state.phase.assignment : undefined;
}

/** Whether the pod may still be the view's. */
function isWell({ phase }: ViewState): boolean {
  return phase.kind === "awake" || phase.kind === "starting";
}

function isSame(a: Assignment, b: Assignment): boolean {
  return a.pod === b.pod && a.path === b.path && a.address === b.address && a.port === b.port;
}

function causeOf({ podName, path }: Assignment, detail: string, reason = ASSIGNMENT_FAILED): Cause {
  const failed = `The assignment of pool pod ${podName} by POST ${path} failed, so the view starts cold: ` +
    `the pod ${detail}.`;
  return { reason, message: reason === ASSIGNMENT_FAILED ? `${failed} ${REMEDY}` : failed };
}

const REMEDY = "If other pods fail too, their image does not keep the warm contract: mend the image, or remove the " +
  `annotations ${WARM_ANNOTATION} and ${ASSIGN_ANNOTATION} from the template.`;
