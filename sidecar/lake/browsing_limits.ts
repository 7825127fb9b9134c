import { Quota } from "../async/quota.ts";
import { TokenBucket } from "../async/token_bucket.ts";

/** Requests at a time. */
const AT_ONCE = { each: 4, total: 32 };

/** Of one person. STS also gives views their credentials, and has a limit for the whole account. */
const RATE = { burst: 60, perSecond: 5 };

/** Most people whose rate is remembered. */
const PEOPLE = 1_000;

/** Keeps one person's browsing from starving that of others, and the views. */
export class BrowsingLimits {
  readonly #clock: () => number;
  readonly #atOnce = new Quota(AT_ONCE);
  /** The one that browsed last comes last. */
  readonly #rates = new Map<string, TokenBucket>();

  constructor(clock: () => number) {
    this.#clock = clock;
  }

  /** Why the person has to wait, as the end of a sentence; undefined: `release` ends what begins now. */
  acquire(user: string): string | undefined {
    const full = this.#atOnce.acquire(user);
    if (full !== undefined) {
      const whose = full.of === "one" ? "of one person" : "of all people together";
      return `${full.limit} listings ${whose} are under way, and that is the limit.`;
    }
    if (this.#rate(user).take()) return undefined;
    this.#atOnce.release(user);
    return `one person gets ${RATE.perSecond} listings each second.`;
  }

  release(user: string): void {
    this.#atOnce.release(user);
  }

  #rate(user: string): TokenBucket {
    const rate = this.#rates.get(user) ?? new TokenBucket({ ...RATE, clock: this.#clock });
    this.#rates.delete(user);
    this.#rates.set(user, rate);
    for (const oldest of this.#rates.keys()) {
      if (this.#rates.size <= PEOPLE) break;
      this.#rates.delete(oldest);
    }
    return rate;
  }
}
