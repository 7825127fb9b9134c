import { BUCKET_PROBE_HOST_HEADER, LAKE_PREFIX } from "../envoy/names.ts";
import { DISCARD_ADDRESS } from "../envoy/discard_address.ts";
import { socketsIn } from "../envoy/sockets.ts";
import type { Scope } from "../view/session_policy.ts";

/**
 * What a look at a bucket tells. `denied`: it may be somebody else's, or one whose keys may be read and not listed; MinIO says
 * so of what is not there, too. `unknown`: S3 does not answer, or answers something else.
 */
export type BucketProbeResult =
  | { readonly kind: "there" | "denied" | "unknown" }
  /** `reason` is S3's error code. */
  | { readonly kind: "missing"; readonly reason: string };

/** S3's codes for a bucket that is not there, and for one that cannot be. */
const MISSING = new Set(["NoSuchBucket", "InvalidBucketName"]);

/**
 * Looks for buckets as a view's own page does, by one key of a listing below `/_lake/`: with the view's credentials, and
 * through Envoy, which alone may reach S3.
 */
export class BucketProbe {
  readonly #client: Deno.HttpClient;
  readonly #baseHost: string;

  constructor(socketDirectory: string, baseHost: string) {
    this.#baseHost = baseHost;
    this.#client = Deno.createHttpClient({
      proxy: { transport: "unix", path: socketsIn(socketDirectory).startProbes },
      poolIdleTimeout: 5_000,
    });
  }

  /** @throws the signal's reason, or a TypeError where Envoy cannot be asked */
  async at(
    view: string,
    { bucket, prefix }: Pick<Scope, "bucket" | "prefix">,
    signal: AbortSignal,
  ): Promise<BucketProbeResult> {
    const query = `list-type=2&max-keys=1&prefix=${encodeURIComponent(prefix)}`;
    const response = await fetch(`http://${DISCARD_ADDRESS}${LAKE_PREFIX}${bucket}?${query}`, {
      client: this.#client,
      headers: { [BUCKET_PROBE_HOST_HEADER]: `${view}.${this.#baseHost}`, "user-agent": "view-gateway" },
      redirect: "manual",
      signal,
    });
    if (response.ok) {
      await response.body?.cancel();
      return { kind: "there" };
    }
    const { reason } = await response.json().catch(() => ({}));
    if (MISSING.has(reason)) return { kind: "missing", reason };
    return { kind: reason === "AccessDenied" ? "denied" : "unknown" };
  }

  close(): void {
    this.#client.close();
  }
}
