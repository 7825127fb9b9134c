/** Starts the parts of the sidecar, waits for a stop or a fault, and stops all of them. */
import { aborted } from "../async/aborted.ts";
import type { Pause } from "../async/pause.ts";

/** One part of the sidecar: what it does from the start to the stop. Building it starts nothing. */
export interface SidecarPart {
  readonly name: string;
  /** Listens or connects. The next part starts when this one has. */
  readonly start?: () => void | Promise<void>;
  /** Works in the background until the signal aborts. A rejection before that is a fault, and stops the sidecar. */
  readonly run?: (signal: AbortSignal) => Promise<void>;
  /** Waits until work in progress is done, before a stop on request. The signal aborts when the time is over. */
  readonly drain?: (signal: AbortSignal) => Promise<void>;
  /** Ends what `start` began, and waits for work in progress. Also called when `start` failed, or never ran. */
  readonly stop?: () => void | Promise<void>;
}

export interface LifecycleOptions {
  /** Aborts to request the stop. */
  readonly stop: AbortSignal;
  /** The lifecycle aborts it after the drain: requests that wait get an answer, and background work ends. */
  readonly ending: AbortController;
  /** Milliseconds that all drains may take together. */
  readonly drainLimit: number;
  /** Milliseconds after which a part that does not stop is left. */
  readonly stopLimit: number;
  readonly pause: Pause;
}

/**
 * Starts the parts in their order, and waits for a request to stop, or a fault. A request to stop drains all parts first.
 * Then `ending` aborts while everything still listens, so that each held request gets an answer. All parts stop at the
 * same time: the stop takes as long as the slowest part.
 * @throws everything that kept the sidecar from starting, running or stopping, after all parts have stopped
 */
export async function runParts(parts: readonly SidecarPart[], options: LifecycleOptions): Promise<void> {
  const { stop, ending } = options;
  const failures: unknown[] = [];
  const failed = Promise.withResolvers<void>();
  const fail = (error: unknown) => {
    failures.push(error);
    failed.resolve();
  };
  const running = await start(parts, ending.signal, fail);
  await Promise.race([aborted(stop), failed.promise]);
  if (failures.length === 0) await drain(parts, options, fail);
  ending.abort(new Error("The sidecar stops."));
  await Promise.all(parts.map((part, i) => stopped(part, running[i], options).catch(fail)));
  if (failures.length > 0) throw failureOf(failures);
}

/** Starts one part after the other, and none after a failure. Returns the background work of the parts that started. */
async function start(
  parts: readonly SidecarPart[],
  signal: AbortSignal,
  fail: (error: unknown) => void,
): Promise<readonly Promise<void>[]> {
  const running: Promise<void>[] = [];
  try {
    for (const part of parts) {
      await part.start?.();
      running.push((part.run?.(signal) ?? Promise.resolve()).catch((error) => {
        if (!isAbort(error, signal)) fail(error);
      }));
    }
  } catch (error) {
    fail(error);
  }
  return running;
}

/** Whether the abort of the signal is all that the error is about. */
function isAbort(error: unknown, { aborted, reason }: AbortSignal): boolean {
  return aborted && (error === reason || error instanceof Error && error.name === "AbortError");
}

async function drain(
  parts: readonly SidecarPart[],
  { drainLimit, pause }: LifecycleOptions,
  fail: (error: unknown) => void,
): Promise<void> {
  const over = new AbortController();
  const drained = Promise.all(parts.map(async (part) => {
    try {
      await part.drain?.(over.signal);
    } catch (error) {
      if (!over.signal.aborted) fail(error);
    }
  }));
  await withinLimit(drained, drainLimit, pause);
  over.abort();
}

/** Waits for a part and its background work to end. */
async function stopped(
  part: SidecarPart,
  running: Promise<void> | undefined,
  options: LifecycleOptions,
): Promise<void> {
  const { stopLimit, pause } = options;
  const ended = Promise.all([running, (async () => await part.stop?.())()]);
  if (!await withinLimit(ended, stopLimit, pause)) {
    throw new Error(`The ${part.name} did not stop within ${stopLimit / 1000} s.`);
  }
}

/** Whether the promise resolves in time; throws what it rejects with. */
async function withinLimit(promise: Promise<unknown>, limit: number, pause: Pause): Promise<boolean> {
  const settled = new AbortController();
  const late = pause(limit, settled.signal).then(() => false, () => true);
  try {
    return await Promise.race([promise.then(() => true), late]);
  } finally {
    settled.abort();
    await late;
  }
}

/** One error for all that has failed. */
function failureOf(failures: readonly unknown[]): unknown {
  if (failures.length === 1) return failures[0];
  return new AggregateError(failures, failures.map((error) => (error as Error).message).join("; "));
}
