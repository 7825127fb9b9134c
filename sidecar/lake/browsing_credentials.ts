import { Deadline } from "../async/deadline.ts";
import { orAborted } from "../async/or_aborted.ts";
import { SingleFlight } from "../async/single_flight.ts";
import type { AssumeRole } from "./assume_role.ts";
import type { SessionCredentials } from "./session_credentials.ts";

export interface BrowsingCredentialsOptions {
  readonly assumeRole: AssumeRole;
  /** Monotonic, in milliseconds. */
  readonly clock: () => number;
  /** Ends all calls. */
  readonly signal: AbortSignal;
  /** Most credentials that are kept. */
  readonly limit?: number;
}

/** The least that STS gives. */
export const BROWSING_SECONDS = 900;

/** Milliseconds for which credentials are used: long enough for the pages of one prefix, and much less than their life. */
const KEPT = 300_000;

/** Milliseconds for a call of STS with its retries. */
const CALL = 10_000;

const LIMIT = 1_000;

/** Credentials for one person and one policy. They are in memory only. STS is called once for all who ask at a time. */
export class BrowsingCredentials {
  readonly #options: BrowsingCredentialsOptions;
  readonly #flights = new SingleFlight<SessionCredentials>();
  /** The one that was made first comes first. */
  readonly #kept = new Map<string, { readonly credentials: SessionCredentials; readonly until: number }>();

  constructor(options: BrowsingCredentialsOptions) {
    this.#options = options;
  }

  /**
   * The call goes on when the caller does not wait any more.
   * @throws AssumeRoleError, or the signal's reason
   */
  async of(user: string, policy: string, signal: AbortSignal): Promise<SessionCredentials> {
    const key = JSON.stringify([user, policy]);
    const kept = this.#kept.get(key);
    if (kept !== undefined && kept.until > this.#options.clock()) return kept.credentials;
    const flight = this.#flights.run(key, () => this.#make(user, policy), (made) => this.#keep(key, made));
    return await orAborted(flight, signal);
  }

  /** Resolves when no call goes on. */
  async idle(): Promise<void> {
    await this.#flights.idle();
  }

  async #make(user: string, policy: string): Promise<SessionCredentials> {
    using deadline = new Deadline(this.#options.signal, CALL);
    return await this.#options.assumeRole(browsingSession(user), policy, deadline.signal);
  }

  #keep(key: string, credentials: SessionCredentials): void {
    const { clock, limit = LIMIT } = this.#options;
    this.#kept.delete(key);
    this.#kept.set(key, { credentials, until: clock() + Math.min(KEPT, credentials.life / 3) });
    for (const [oldest, { until }] of this.#kept) {
      if (this.#kept.size <= limit && until > clock()) break;
      this.#kept.delete(oldest);
    }
  }
}

/**
 * The name of the session in the logs of AWS. No view's name has a dot.
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
 */
export function browsingSession(user: string): string {
  return `browse.${user.replaceAll(/[^\w+=,.@-]/g, "-")}`.slice(0, 64);
}
