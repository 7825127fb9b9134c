import { setTimeout as pause } from "node:timers/promises";
import { BatchV1Api, type V1Job } from "@kubernetes/client-node";
import { blockingFinalizers } from "../../view/deletion.ts";
import { Backoff } from "../../async/backoff.ts";
import { create } from "./create.ts";
import { isKind, type Refusal, refusalOf } from "../refusal.ts";
import type { Transport } from "../transport.ts";
import { typedApi } from "../typed_api.ts";

/** `lost`: the Job is gone, or its lease is not what it was: another gateway has renewed it. */
export type RenewedJob = { readonly kind: "renewed" } | { readonly kind: "lost" } | Refusal;

export type CreatedJob = { readonly kind: "created"; readonly uid: string } | { readonly kind: "exists" } | Refusal;

/** A Job as it stands under a name, whoever made it. */
export interface StandingJob {
  readonly uid: string;
  readonly deleting: boolean;
  /** The finalizers that may keep it for ever. */
  readonly heldBy: readonly string[];
  /** UID and name of the Service in its ownerReferences, where there is one. */
  readonly owner: { readonly uid: string; readonly name: string } | undefined;
}

/** Milliseconds; shorter than the time in which a late request can put a view's end off. */
const RENEWAL_LIMIT = 3_000;

/** How often a call is made before its failure counts. */
const TRIES = 3;

/**
 * Creates, deletes and looks up views' Jobs in one namespace. Each call can be made twice without harm, so that one
 * which meets a connection that breaks, or an API server that restarts, is made again.
 */
export class JobWrites {
  readonly #transport: Transport;
  readonly #namespace: string;
  readonly #random: () => number;

  constructor(transport: Transport, namespace: string, random: () => number = Math.random) {
    this.#transport = transport;
    this.#namespace = namespace;
    this.#random = random;
  }

  /** @throws the signal's reason */
  async create(job: V1Job, signal: AbortSignal): Promise<CreatedJob> {
    const path = `/apis/batch/v1/namespaces/${encodeURIComponent(this.#namespace)}/jobs`;
    try {
      // Conflict: two creations met at a quota.
      const created = await this.#patiently(signal, () => create(this.#transport, path, job, signal), "Conflict");
      return { kind: "created", uid: created.metadata.uid };
    } catch (error) {
      return isKind(error, "AlreadyExists") ? { kind: "exists" } : refusalOf(error);
    }
  }

  /**
   * Deletes the Job if it still has this UID. One that is gone, or another's by now, is not an error.
   * @throws KubernetesError, or the signal's reason
   */
  async delete(name: string, uid: string, signal: AbortSignal): Promise<void> {
    const namespace = this.#namespace;
    const body = { preconditions: { uid }, propagationPolicy: "Background" };
    const api = typedApi(BatchV1Api, this.#transport, signal);
    try {
      await this.#patiently(signal, () => api.deleteNamespacedJob({ name, namespace, body }));
    } catch (error) {
      if (!isKind(error, "NotFound", "Conflict")) throw error;
    }
  }

  /**
   * Sets the Job's `activeDeadlineSeconds`, if it has this UID and the other value still. On a Job that has ended this
   * succeeds and does nothing.
   * @throws the signal's reason
   */
  async renew(
    name: string,
    { uid, from, to }: { readonly uid: string; readonly from: number; readonly to: number },
    signal: AbortSignal,
  ): Promise<RenewedJob> {
    const path = `/apis/batch/v1/namespaces/${encodeURIComponent(this.#namespace)}/jobs/${encodeURIComponent(name)}`;
    const body = JSON.stringify([
      { op: "test", path: "/metadata/uid", value: uid },
      { op: "test", path: "/spec/activeDeadlineSeconds", value: from },
      { op: "replace", path: "/spec/activeDeadlineSeconds", value: to },
    ]);
    const headers = { "content-type": "application/json-patch+json" };
    try {
      await this.#patiently(
        signal,
        () => this.#transport.call({ method: "PATCH", path, headers, body, limit: RENEWAL_LIMIT }, signal),
      );
      return { kind: "renewed" };
    } catch (error) {
      // 422: a test of the patch has failed.
      return isKind(error, "NotFound", "Conflict", "Invalid") ? { kind: "lost" } : refusalOf(error);
    }
  }

  /**
   * Looks a Job up at the API server itself, whatever labels it has.
   * @throws KubernetesError, or the signal's reason
   */
  async get(name: string, signal: AbortSignal): Promise<StandingJob | undefined> {
    const api = typedApi(BatchV1Api, this.#transport, signal);
    try {
      const job = await this.#patiently(signal, () => api.readNamespacedJob({ name, namespace: this.#namespace }));
      const owner = job.metadata?.ownerReferences?.find(({ kind }) => kind === "Service");
      return {
        uid: job.metadata?.uid ?? "",
        deleting: job.metadata?.deletionTimestamp !== undefined,
        heldBy: blockingFinalizers(job.metadata?.finalizers),
        owner: owner && { uid: owner.uid, name: owner.name },
      };
    } catch (error) {
      if (isKind(error, "NotFound")) return undefined;
      throw error;
    }
  }

  async #patiently<T>(signal: AbortSignal, call: () => Promise<T>, ...also: readonly "Conflict"[]): Promise<T> {
    const backoff = new Backoff(this.#random);
    for (let tries = 1;; tries++) {
      try {
        return await call();
      } catch (error) {
        const passing = isKind(error, "Unreachable", "Unavailable", "TooManyRequests", ...also);
        if (!passing || tries === TRIES) throw error;
        await pause(backoff.next(error.retryAfter), undefined, { signal });
      }
    }
  }
}
