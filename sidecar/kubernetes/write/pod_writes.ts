import type { Time } from "../../async/time.ts";
import {
  ASSIGNED_ANNOTATION,
  type Claim,
  CLAIM_GATE,
  claimPatch,
  CREDENTIALS_END_ANNOTATION,
} from "../../view/claim.ts";
import type { ClaimedPod, PatchedPod } from "../../view/write_outcomes.ts";
import type { KubernetesError } from "../kubernetes_error.ts";
import { isKind, refusalOf } from "../refusal.ts";
import { ResourceClient } from "../resource_client.ts";
import type { Transport } from "../transport.ts";
import { retried } from "./retried.ts";

/** A pod, which another pod of the same name is not. */
export interface PodIdentity {
  readonly name: string;
  readonly uid: string;
}

/** What the gateway notes on a view's pod. */
export interface PodNotes {
  /** UID of the Service whose view the pod is. */
  readonly assigned?: string;
  /** When the credentials end that the pod was last given. RFC 3339. */
  readonly credentialsEnd?: string;
}

/** Milliseconds for one request; somebody waits for it. */
const PATCH_LIMIT = 3_000;

/** Failures after which the request may have succeeded, or may succeed soon. */
const MAY_PASS = ["Unreachable", "Unavailable", "TooManyRequests", "Timeout"] as const;

/** Claims, releases and annotates pods in one namespace. Methods throw only their signal's reason. */
export class PodWrites {
  readonly #pods: ResourceClient;
  readonly #time: Pick<Time, "pause" | "random">;

  constructor(transport: Pick<Transport, "call">, namespace: string, time: Pick<Time, "pause" | "random">) {
    this.#pods = new ResourceClient(transport, { api: "/api/v1", plural: "pods", namespace });
    this.#time = time;
  }

  /** Moves a pool pod to a view's Job, if nobody else has claimed it and it runs. */
  async claim(claim: Claim, signal: AbortSignal): Promise<ClaimedPod> {
    const { pod, job } = claim;
    const operations = claimPatch(claim);
    let tries = 0;
    try {
      await retried(this.#time, signal, MAY_PASS, () => {
        tries++;
        return this.#pods.patch(pod.name, operations, signal, { limit: PATCH_LIMIT });
      });
      return { kind: "claimed" };
    } catch (error) {
      const outcome = lostOrRefused(error);
      // The answer to an earlier try may be lost, though that one has succeeded.
      return outcome.kind === "lost" && tries > 1 ? await this.#claimedBefore(pod, job.uid, signal) : outcome;
    }
  }

  /** Lets Kubernetes schedule a placeholder. Without effect on a pod that is released already. */
  async release({ name, uid }: PodIdentity, signal: AbortSignal): Promise<PatchedPod> {
    const schedulingGates = [{ $patch: "delete", name: CLAIM_GATE }];
    return await this.#patched(
      signal,
      () =>
        this.#pods.strategicMerge(name, { metadata: { uid }, spec: { schedulingGates } }, signal, {
          limit: PATCH_LIMIT,
        }),
    );
  }

  /** Writes these notes into the pod's annotations. Each such write makes the kubelet read the pod's Secrets again. */
  async annotate({ name, uid }: PodIdentity, notes: PodNotes, signal: AbortSignal): Promise<PatchedPod> {
    const { assigned, credentialsEnd } = notes;
    const annotations = { [ASSIGNED_ANNOTATION]: assigned, [CREDENTIALS_END_ANNOTATION]: credentialsEnd };
    return await this.#patched(
      signal,
      () => this.#pods.merge(name, { metadata: { uid, annotations } }, signal, { limit: PATCH_LIMIT }),
    );
  }

  async #patched(signal: AbortSignal, send: () => Promise<unknown>): Promise<PatchedPod> {
    try {
      await retried(this.#time, signal, MAY_PASS, send);
      return { kind: "patched" };
    } catch (error) {
      return lostOrRefused(error);
    }
  }

  async #claimedBefore({ name, uid }: PodIdentity, job: string, signal: AbortSignal): Promise<ClaimedPod> {
    try {
      const pod = await this.#pods.get(name, signal, { limit: PATCH_LIMIT });
      const isOurs = pod?.metadata.uid === uid && pod.metadata.ownerReferences?.[0]?.uid === job;
      return { kind: isOurs ? "claimed" : "lost" };
    } catch (error) {
      return refusalOf(error);
    }
  }
}

/** Also where the pod is another one of this name. */
const LOST: readonly KubernetesError["kind"][] = ["NotFound", "Conflict", "TestFailed"];

function lostOrRefused(error: unknown) {
  return isKind(error, ...LOST) ? { kind: "lost" as const } : refusalOf(error);
}
