import type { FailedCreateObject, PodObject } from "./objects.ts";

/** The kept part of a pool's Job. */
export interface PoolJobObject {
  readonly name: string;
  readonly uid: string;
  /** Value of the pool's label. */
  readonly label: string;
  /** The template's name; empty if the Job does not say it. */
  readonly template: string;
  /** How many pods Kubernetes keeps; 0 for a pool that is stopped. */
  readonly parallelism: number;
  readonly startedAt: string | undefined;
  readonly activeDeadlineSeconds: number | undefined;
  /** How many of its pods have ended while they belonged to it. */
  readonly ended: number;
  /** It is ending or being deleted, and so are its pods. */
  readonly over: boolean;
}

/** All objects of warm pools, of former pools too. Immutable. */
export interface PoolObjects {
  readonly jobs: readonly PoolJobObject[];
  /** The pods that belong to a pool's Job; `jobUid` is the Job's. */
  readonly pods: readonly PodObject[];
  /** The latest one comes last. */
  readonly failedCreates: readonly FailedCreateObject[];
}

/** Before the first pool. */
export const NO_POOL_OBJECTS: PoolObjects = { jobs: [], pods: [], failedCreates: [] };
