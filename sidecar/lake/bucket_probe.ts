import { GATEWAY } from "../access/identity.ts";
import { BUCKET_PROBE_HOST_HEADER, LAKE_PREFIX, USER_HEADER, VIEW_HEADER } from "../envoy/names.ts";
import { DISCARD_ADDRESS } from "../envoy/discard_address.ts";
import { socketsIn } from "../envoy/sockets.ts";
import { socketClient } from "../http/socket_client.ts";
import type { Scope } from "../view/session_policy.ts";

/**
 * The result of a bucket's probe. `denied`: the bucket may belong to somebody else, or may allow reads but no listing. MinIO
 * also denies a bucket that does not exist. `unknown`: S3 does not answer, or answers something else.
 */
export type BucketProbeResult =
  | { readonly kind: "there" | "denied" | "unknown" }
  /** `reason` is S3's error code. */
  | { readonly kind: "missing"; readonly reason: string };

/** S3's codes for a bucket that does not exist, and for an invalid name. */
const MISSING = new Set(["NoSuchBucket", "InvalidBucketName"]);

/**
 * Probes buckets as a view's own page reads them: it lists one key below `/_lake/`, with the view's credentials. Envoy sends
 * the request, because the sidecar may not reach S3 itself.
 */
export class BucketProbe {
  readonly #client: Deno.HttpClient;
  readonly #baseHost: string;

  constructor(socketDirectory: string, baseHost: string) {
    this.#baseHost = baseHost;
    this.#client = socketClient(socketsIn(socketDirectory).startProbes);
  }

  /** @throws the signal's reason, or a TypeError where Envoy does not answer */
  async at(
    view: string,
    { bucket, prefix }: Pick<Scope, "bucket" | "prefix">,
    signal: AbortSignal,
  ): Promise<BucketProbeResult> {
    const query = `list-type=2&max-keys=1&prefix=${encodeURIComponent(prefix)}`;
    const response = await fetch(`http://${DISCARD_ADDRESS}${LAKE_PREFIX}${bucket}?${query}`, {
      client: this.#client,
      headers: {
        [BUCKET_PROBE_HOST_HEADER]: `${view}.${this.#baseHost}`,
        // As Envoy says it of who has a view's cookie. From clients it takes these headers.
        [VIEW_HEADER]: view,
        [USER_HEADER]: GATEWAY.user,
        "user-agent": "view-gateway",
      },
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
