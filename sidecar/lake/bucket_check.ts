import { Deadline } from "../async/deadline.ts";
import { type Scope, scopesOf } from "../view/session_policy.ts";
import type { Cause, ViewState } from "../view/state.ts";
import type { BucketProbeResult } from "./bucket_probe.ts";

/** The view whose buckets are checked. */
export type BucketView = Pick<ViewState, "name" | "uid" | "spec">;

export interface BucketCheckOptions {
  /** Probes one bucket with a view's credentials. */
  readonly probe: (
    view: string,
    scope: Pick<Scope, "bucket" | "prefix">,
    signal: AbortSignal,
  ) => Promise<BucketProbeResult>;
  /** Monotonic, in milliseconds. */
  readonly clock: () => number;
  /** Ends all probes. */
  readonly signal: AbortSignal;
  /** Called for each bucket that S3 denies. The view starts nevertheless. */
  readonly onDenied: (view: BucketView, bucket: string, message: string) => void;
  /** Milliseconds for all probes of one start. */
  readonly limit?: number;
}

/** The longest delay of a start while S3 does not answer, in milliseconds. */
const LIMIT = 1_000;

/** Milliseconds that a found bucket is remembered. */
const KNOWN = 600_000;

/** Most buckets that are remembered. */
const MOST = 1_000;

/** Checks that the buckets of a view's subsets exist. A view starts where S3 gives no clear answer. */
export class BucketCheck {
  readonly #options: BucketCheckOptions;
  /** Buckets that were found, and until when that counts. */
  readonly #there = new Map<string, number>();

  constructor(options: BucketCheckOptions) {
    this.#options = options;
  }

  /** Why a view cannot read its buckets; undefined where it can, or where that is unknown. Never rejects. */
  async missing(view: BucketView): Promise<Cause | undefined> {
    const { clock, signal, probe, onDenied, limit = LIMIT } = this.#options;
    const { name, spec } = view;
    const subsets = spec?.subsets ?? [];
    const first = new Map(scopesOf(subsets).toReversed().map((scope) => [scope.bucket, scope]));
    const unknown = [...first.values()].filter(({ bucket }) => (this.#there.get(bucket) ?? 0) <= clock());
    using deadline = new Deadline(signal, limit);
    const probes = await Promise.all(unknown.map(async (scope) => {
      try {
        const found = await probe(name, scope, deadline.signal);
        if (found.kind === "there") this.#note(scope.bucket);
        return { bucket: scope.bucket, found };
      } catch {
        return undefined;
      }
    }));
    for (const { bucket, found } of probes.filter((probe) => probe !== undefined)) {
      const named = `/subsets/${subsets.findIndex((subset) => subset.bucket === bucket)} names`;
      if (found.kind === "missing") {
        const message = `The lake has no bucket ${bucket}, which ${named}. Create the bucket, or name another.`;
        return { reason: found.reason, message };
      }
      if (found.kind === "denied") {
        const message = `The lake does not allow view ${name} to list bucket ${bucket}, which ${named}. ` +
          "There may be no such bucket, or the gateway's role may not allow it.";
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
