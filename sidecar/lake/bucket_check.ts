import { Deadline } from "../async/deadline.ts";
import { type Scope, scopesOf } from "../view/session_policy.ts";
import type { Cause, ViewState } from "../view/state.ts";
import type { BucketProbeResult } from "./bucket_probe.ts";

/** The view that a look is for. */
export type BucketView = Pick<ViewState, "name" | "uid" | "spec">;

export interface BucketCheckOptions {
  /** Looks for one bucket by a view's credentials. */
  readonly look: (
    view: string,
    scope: Pick<Scope, "bucket" | "prefix">,
    signal: AbortSignal,
  ) => Promise<BucketProbeResult>;
  /** Monotonic, in milliseconds. */
  readonly clock: () => number;
  /** Ends all looks. */
  readonly signal: AbortSignal;
  /** Told of each bucket that S3 denies a view which starts all the same. */
  readonly onDenied: (view: BucketView, bucket: string, message: string) => void;
  /** Milliseconds that all looks of one start may take. */
  readonly limit?: number;
}

/** No more than a start that S3 does not answer may be longer by. */
const LIMIT = 1_000;

/** Milliseconds that a bucket is known to be there. */
const KNOWN = 600_000;

/** Buckets that are known at a time. */
const MOST = 1_000;

/** Finds the buckets that views have subsets in and that are not there. What S3 does not tell keeps no view from starting. */
export class BucketCheck {
  readonly #options: BucketCheckOptions;
  /** Buckets that were there, and until when that counts. */
  readonly #there = new Map<string, number>();

  constructor(options: BucketCheckOptions) {
    this.#options = options;
  }

  /** Why a view cannot read what it is made for; undefined where it can, or nobody knows. Never rejects. */
  async missing(view: BucketView): Promise<Cause | undefined> {
    const { clock, signal, look, onDenied, limit = LIMIT } = this.#options;
    const { name, spec } = view;
    const subsets = spec?.subsets ?? [];
    const first = new Map(scopesOf(subsets).toReversed().map((scope) => [scope.bucket, scope]));
    const unknown = [...first.values()].filter(({ bucket }) => (this.#there.get(bucket) ?? 0) <= clock());
    using deadline = new Deadline(signal, limit);
    const looks = await Promise.all(unknown.map(async (scope) => {
      try {
        const found = await look(name, scope, deadline.signal);
        if (found.kind === "there") this.#note(scope.bucket);
        return { bucket: scope.bucket, found };
      } catch {
        return undefined;
      }
    }));
    for (const { bucket, found } of looks.filter((look) => look !== undefined)) {
      const named = `/subsets/${subsets.findIndex((subset) => subset.bucket === bucket)} names`;
      if (found.kind === "missing") {
        const message = `The lake has no bucket ${bucket}, which ${named}. Make it, or name another.`;
        return { reason: found.reason, message };
      }
      if (found.kind === "denied") {
        const message = `The lake denies view ${name} to list bucket ${bucket}, which ${named}. ` +
          "There may be no such bucket, or the gateway's role does not have it.";
        onDenied(view, bucket, message);
      }
    }
    return undefined;
  }

  #note(bucket: string): void {
    this.#there.delete(bucket);
    this.#there.set(bucket, this.#options.clock() + KNOWN);
    for (const oldest of this.#there.keys()) {
      if (this.#there.size <= MOST) break;
      this.#there.delete(oldest);
    }
  }
}
