import { Deadline } from "../async/deadline.ts";
import { orAborted } from "../async/or_aborted.ts";
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
  /** Called for each bucket that S3 denies, or that is missing as S3 tells too late. The view starts nevertheless. */
  readonly onDenied: (view: BucketView, bucket: string, message: string) => void;
  /** Milliseconds for which a start waits for all probes. */
  readonly limit?: number;
}

/** The longest delay of a start while S3 does not answer, in milliseconds. */
const LIMIT = 1_000;

/** Milliseconds for a probe. A slow answer still becomes an Event. */
const PROBE_LIMIT = 15_000;

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
    const { clock, signal, onDenied, limit = LIMIT } = this.#options;
    const first = new Map(scopesOf(view.spec?.subsets ?? []).toReversed().map((scope) => [scope.bucket, scope]));
    const unknown = [...first.values()].filter(({ bucket }) => (this.#there.get(bucket) ?? 0) <= clock());
    using start = new Deadline(signal, limit);
    const probes = unknown.map(async (scope) => {
      const cause = await this.#missing(view, scope);
      if (cause !== undefined && start.passed && !signal.aborted) onDenied(view, scope.bucket, cause.message);
      return cause;
    });
    const causes = await orAborted(Promise.all(probes), start.signal).catch(() => []);
    return causes.find((cause) => cause !== undefined);
  }

  async #missing(view: BucketView, scope: Scope): Promise<Cause | undefined> {
    const { signal, probe, onDenied } = this.#options;
    const { bucket } = scope;
    const named = `/subsets/${(view.spec?.subsets ?? []).findIndex((subset) => subset.bucket === bucket)} names`;
    using deadline = new Deadline(signal, PROBE_LIMIT);
    const found = await probe(view.name, scope, deadline.signal).catch(() => ({ kind: "unknown" as const }));
    switch (found.kind) {
      case "there":
        this.#note(bucket);
        return undefined;
      case "missing": {
        const message = `The lake has no bucket ${bucket}, which ${named}. Create the bucket, or name another.`;
        return { reason: found.reason, message };
      }
      case "denied": {
        const message = `The lake does not allow view ${view.name} to list bucket ${bucket}, which ${named}. ` +
          "There may be no such bucket, or the gateway's role may not allow it.";
        onDenied(view, bucket, message);
        return undefined;
      }
      case "unknown":
        return undefined;
    }
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
