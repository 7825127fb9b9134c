import { Deadline } from "../async/deadline.ts";
import { orAborted } from "../async/or_aborted.ts";
import { Semaphore } from "../async/semaphore.ts";
import { SingleFlight } from "../async/single_flight.ts";
import type { Unreviewed } from "../kubernetes/review/reviews.ts";

/** Where an answer came from. `failed`: Kubernetes gave none. `stale`: it gave none, and an older one stands in. */
export type ReviewOutcome = "asked" | "cached" | "stale" | "failed";

export interface ReviewCacheOptions<T> {
  /** Whether the answer may stand in later, while Kubernetes gives none. */
  readonly isGood: (answer: T) => boolean;
  readonly onOutcome: (outcome: ReviewOutcome, answer: T | Unreviewed) => void;
  /** Monotonic, in milliseconds. */
  readonly clock: () => number;
  /** Ends all questions. */
  readonly signal: AbortSignal;
  /** Most answers that are remembered. */
  readonly limit?: number;
}

/** Milliseconds for which an answer counts: so long does a right that is taken away go on. */
export const ANSWER_COUNTS = 5_000;

/** Milliseconds for which nobody asks again after Kubernetes gave no answer. */
const PAUSE = 1_000;

/** Milliseconds for which a good answer stands in while Kubernetes gives none. */
export const STANDS_IN = 3_600_000;

/** Each holds a key of 43 characters, and a short answer or a person's groups. There are as many good ones, and others. */
const LIMIT = 10_000;

/** Questions that go to Kubernetes at once. */
const AT_ONCE = 50;

/** Milliseconds for a question, its wait for others included. */
const WAIT = 5_000;

interface Entry<T> {
  /** The last answer of Kubernetes, and when it came. */
  readonly answer: T | undefined;
  readonly at: number;
  /** Why Kubernetes gave none since, and until when nobody asks again. */
  readonly failure: Unreviewed | undefined;
  readonly failureUntil: number;
}

/**
 * The answers of Kubernetes to questions of one kind. Of several who ask the same, one asks Kubernetes. What is known stays
 * known for seconds; a good answer also stands in while Kubernetes gives none.
 */
export class ReviewCache<T extends { readonly kind: string }> {
  readonly #options: ReviewCacheOptions<T>;
  /**
   * Those that may stand in, and all others. The one that was asked last comes last. Strangers can ask for any number of
   * others, and push out no good one by that.
   */
  readonly #good = new Map<string, Entry<T>>();
  readonly #others = new Map<string, Entry<T>>();
  readonly #flights = new SingleFlight<Entry<T>>();
  /** For the same reason who is known does not wait behind those who are not. */
  readonly #slots = { good: new Semaphore(AT_ONCE), others: new Semaphore(AT_ONCE) };

  constructor(options: ReviewCacheOptions<T>) {
    this.#options = options;
  }

  get size(): number {
    return this.#good.size + this.#others.size;
  }

  /**
   * @param ask asks Kubernetes; it rejects only with its signal's reason
   * @throws the signal's reason
   */
  async get(
    parts: readonly unknown[],
    ask: (signal: AbortSignal) => Promise<T | Unreviewed>,
    signal: AbortSignal,
  ): Promise<T | Unreviewed> {
    const { clock } = this.#options;
    const key = await digest(parts);
    const entry = this.#found(key);
    const now = clock();
    if (entry?.answer !== undefined && now - entry.at < ANSWER_COUNTS) return this.#told("cached", entry.answer);
    const current = entry !== undefined && now < entry.failureUntil
      ? entry
      : await orAborted(this.#flights.run(key, () => this.#ask(key, ask)), signal);
    if (current.failure === undefined) return this.#told("asked", current.answer!);
    return current.answer !== undefined && this.#options.isGood(current.answer) && clock() - current.at < STANDS_IN
      ? this.#told("stale", current.answer)
      : this.#told("failed", current.failure);
  }

  async #ask(key: string, ask: (signal: AbortSignal) => Promise<T | Unreviewed>): Promise<Entry<T>> {
    const { signal, clock } = this.#options;
    using wait = new Deadline(signal, WAIT);
    const slots = this.#good.has(key) ? this.#slots.good : this.#slots.others;
    const answer = await slots.use(() => ask(wait.signal), wait.signal).catch((error) => {
      signal.throwIfAborted();
      if (!wait.passed) throw error;
      return BUSY;
    });
    const before = this.#found(key);
    const entry: Entry<T> = isUnreviewed(answer)
      ? { answer: before?.answer, at: before?.at ?? 0, failure: answer, failureUntil: clock() + PAUSE }
      : { answer, at: clock(), failure: undefined, failureUntil: 0 };
    this.#remember(key, entry);
    return entry;
  }

  #found(key: string): Entry<T> | undefined {
    return this.#good.get(key) ?? this.#others.get(key);
  }

  #remember(key: string, entry: Entry<T>): void {
    const { limit = LIMIT, isGood } = this.#options;
    this.#good.delete(key);
    this.#others.delete(key);
    const entries = entry.answer !== undefined && isGood(entry.answer) ? this.#good : this.#others;
    entries.set(key, entry);
    for (const oldest of entries.keys()) {
      if (entries.size <= limit) break;
      entries.delete(oldest);
    }
  }

  #told(outcome: ReviewOutcome, answer: T | Unreviewed): T | Unreviewed {
    this.#options.onOutcome(outcome, answer);
    return answer;
  }
}

const BUSY: Unreviewed = {
  kind: "unknown",
  detail: "Too many questions wait for the API server.",
  message: `The API server answered no question within ${WAIT} ms.`,
};

function isUnreviewed(answer: { readonly kind: string }): answer is Unreviewed {
  return answer.kind === "unknown";
}

/** No token and no long list of groups stays in memory. */
async function digest(parts: readonly unknown[]): Promise<string> {
  const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(JSON.stringify(parts)));
  return new Uint8Array(bytes).toBase64({ alphabet: "base64url", omitPadding: true });
}
