import type { V1Job } from "@kubernetes/client-node";
import type { Time } from "../../async/time.ts";
import { blockingFinalizers } from "../../view/deletion.ts";
import type { CreatedJob, EndedJob, ExistingJob, RenewedJob } from "../../view/write_outcomes.ts";
import { isKind, refusalOf } from "../refusal.ts";
import { ResourceClient, type StoredObject } from "../resource_client.ts";
import type { Transport } from "../transport.ts";
import { retried } from "./retried.ts";

/** Milliseconds; shorter than the time in which a late request can still extend a lease. */
const RENEWAL_LIMIT = 3_000;

interface StoredJob extends StoredObject {
  readonly status?: { readonly startTime?: string };
}

/**
 * Creates, renews, deletes and reads views' Jobs in one namespace. Each request is safe to repeat, so it is sent again
 * after a broken connection or while the API server restarts.
 */
export class JobWrites {
  readonly #jobs: ResourceClient<StoredJob>;
  readonly #time: Pick<Time, "pause" | "random">;

  constructor(transport: Transport, namespace: string, time: Pick<Time, "pause" | "random">) {
    this.#jobs = new ResourceClient(transport, { api: "/apis/batch/v1", plural: "jobs", namespace });
    this.#time = time;
  }

  /** @throws the signal's reason */
  async create(job: V1Job, signal: AbortSignal): Promise<CreatedJob> {
    try {
      // Conflict: two creations met at a quota.
      const { metadata } = await this.#retried(signal, () => this.#jobs.create(job, signal), "Conflict");
      return { kind: "created", uid: metadata.uid };
    } catch (error) {
      return isKind(error, "AlreadyExists") ? { kind: "exists" } : refusalOf(error);
    }
  }

  /**
   * Deletes the Job that has this UID. It is no error that the Job is gone, or that another Job has the name.
   * @throws KubernetesError, or the signal's reason
   */
  async delete(name: string, uid: string, signal: AbortSignal): Promise<void> {
    await this.#retried(signal, () => this.#jobs.delete(name, uid, signal));
  }

  /**
   * Deletes the Job that has this UID after its pods. Until they are gone, it is a Job that is being deleted, and its pods
   * finish the requests that they have.
   * @throws the signal's reason
   */
  async end(name: string, uid: string, signal: AbortSignal): Promise<EndedJob> {
    try {
      const found = await this.#retried(signal, () => this.#jobs.delete(name, uid, signal, { after: "dependents" }));
      return { kind: found ? "ended" : "gone" };
    } catch (error) {
      return refusalOf(error);
    }
  }

  /**
   * Sets the Job's `activeDeadlineSeconds` to `to`, if the Job has this UID and the value `from`. On a Job that has ended
   * this succeeds and has no effect.
   * @throws the signal's reason
   */
  async renew(
    name: string,
    { uid, from, to }: { readonly uid: string; readonly from: number; readonly to: number },
    signal: AbortSignal,
  ): Promise<RenewedJob> {
    const operations = [
      { op: "test", path: "/metadata/uid", value: uid },
      { op: "test", path: "/spec/activeDeadlineSeconds", value: from },
      { op: "replace", path: "/spec/activeDeadlineSeconds", value: to },
    ] as const;
    return await this.#changed(signal, () => this.#jobs.patch(name, operations, signal, { limit: RENEWAL_LIMIT }));
  }

  /**
   * Sets the Job's `parallelism` to 0, if the Job has this UID: Kubernetes ends its pods and starts no more.
   * @throws the signal's reason
   */
  async stopPods(name: string, uid: string, signal: AbortSignal): Promise<RenewedJob> {
    const operations = [
      { op: "test", path: "/metadata/uid", value: uid },
      { op: "replace", path: "/spec/parallelism", value: 0 },
    ] as const;
    return await this.#changed(signal, () => this.#jobs.patch(name, operations, signal));
  }

  /**
   * Reads a Job from the API server itself, whatever labels it has.
   * @throws KubernetesError, or the signal's reason
   */
  async get(name: string, signal: AbortSignal): Promise<ExistingJob | undefined> {
    const job = await this.#retried(signal, () => this.#jobs.get(name, signal));
    if (job === undefined) return undefined;
    const { uid, deletionTimestamp, finalizers, ownerReferences } = job.metadata;
    const owner = ownerReferences?.find(({ kind }) => kind === "Service");
    return {
      uid,
      deleting: deletionTimestamp !== undefined,
      blockingFinalizers: blockingFinalizers(finalizers),
      owner: owner && { uid: owner.uid, name: owner.name },
      ...job.status?.startTime === undefined && { unseen: true },
    };
  }

  async #changed(signal: AbortSignal, patch: () => Promise<void>): Promise<RenewedJob> {
    try {
      await this.#retried(signal, patch);
      return { kind: "renewed" };
    } catch (error) {
      return isKind(error, "NotFound", "Conflict", "TestFailed") ? { kind: "lost" } : refusalOf(error);
    }
  }

  #retried<T>(signal: AbortSignal, send: () => Promise<T>, ...also: readonly "Conflict"[]): Promise<T> {
    return retried(this.#time, signal, ["Unreachable", "Unavailable", "TooManyRequests", ...also], send);
  }
}
