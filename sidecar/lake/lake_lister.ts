import { Deadline } from "../async/deadline.ts";
import type { ProblemAnswer } from "../http/problem.ts";
import type { ListedPlace } from "../view/lake_browsing.ts";
import type { BucketsPage, FolderPage } from "../view/lake_page.ts";
import { bucketsPolicy, listingPolicy } from "../view/session_policy.ts";
import { AssumeRoleError } from "./assume_role.ts";
import { type BrowsingCredentials } from "./browsing_credentials.ts";
import type { BrowsingLimits } from "./browsing_limits.ts";
import { browsingTooMuch, lakeAway, NO_LISTING, s3Problem, stsProblem } from "./browsing_problems.ts";
import { bucketsPage, errorCode, folderPage, NoListingError } from "./s3_listing.ts";
import type { S3List, S3Lists } from "./s3_lists.ts";

export interface LakeListerOptions {
  readonly credentials: BrowsingCredentials;
  readonly lists: Pick<S3Lists, "ask">;
  readonly limits: BrowsingLimits;
  /** Ends all listings. */
  readonly signal: AbortSignal;
  /** Milliseconds for a listing. */
  readonly limit?: number;
}

const LIMIT = 15_000;

/** Lists the lake for people who browse it. It asks S3 with credentials that can do nothing but this one listing. */
export class LakeLister {
  readonly #options: LakeListerOptions;

  constructor(options: LakeListerOptions) {
    this.#options = options;
  }

  /** @throws the signal's reason */
  folder(
    user: string,
    place: ListedPlace,
    after: string | undefined,
    signal: AbortSignal,
  ): Promise<FolderPage | ProblemAnswer> {
    return this.#list(user, { place, after }, listingPolicy(place), (xml) => folderPage(xml, place.prefix), signal);
  }

  /** @throws the signal's reason */
  buckets(user: string, after: string | undefined, signal: AbortSignal): Promise<BucketsPage | ProblemAnswer> {
    return this.#list(user, { place: undefined, after }, bucketsPolicy(), bucketsPage, signal);
  }

  async #list<Page>(
    user: string,
    list: S3List,
    policy: string,
    pageOf: (xml: string) => Page,
    signal: AbortSignal,
  ): Promise<Page | ProblemAnswer> {
    const { credentials, lists, limits, limit = LIMIT } = this.#options;
    const tooMuch = limits.acquire(user);
    if (tooMuch !== undefined) return browsingTooMuch(`Wait a moment: ${tooMuch}`);
    using deadline = new Deadline([signal, this.#options.signal], limit);
    try {
      const made = await credentials.of(user, policy, deadline.signal);
      const { status, xml } = await lists.ask(list, made, deadline.signal);
      return status === 200 ? pageOf(xml) : s3Problem(status, errorCode(xml), list);
    } catch (error) {
      signal.throwIfAborted();
      if (deadline.signal.aborted) {
        return lakeAway(
          deadline.passed ? `The lake has not answered in ${limit / 1000} seconds.` : "The gateway stops.",
        );
      }
      if (error instanceof AssumeRoleError) return stsProblem(error.cause);
      if (error instanceof NoListingError) return NO_LISTING;
      // Envoy does not answer, or has lost the connection to S3.
      if (error instanceof TypeError) return lakeAway("The lake cannot be reached now. Try again.");
      throw error;
    } finally {
      limits.release(user);
    }
  }
}
