import type { V1Service } from "@kubernetes/client-node";
import type { LeaseBounds } from "../../view/lease.ts";
import type { FailedCreateObject, JobObject, PodObject, ServiceObject } from "../../view/objects.ts";
import {
  type Jsonify,
  trimConfigMap,
  trimDeletion,
  trimFailedCreate,
  trimJob,
  type Trimmed,
  trimPod,
  trimService,
} from "./trim.ts";
import { trimPoolFailedCreate, trimPoolJob, trimPoolPod } from "./trim_pool.ts";

/** A resource of Kubernetes' API that the gateway watches. */
export interface WatchedResource<Raw, Kept> {
  /** As in API paths and RBAC rules. */
  readonly plural: string;
  /** Path of the API group and version. */
  readonly api: string;
  /** The part of an object that the gateway keeps; undefined if it belongs to no view. */
  readonly trim: (raw: Jsonify<Raw>) => Trimmed<Kept> | undefined;
}

/** The members of every kept object. */
export interface Identified {
  readonly name: string;
  readonly uid: string;
}

const resource = <Raw, Kept>(plural: string, api: string, trim: (raw: Jsonify<Raw>) => Trimmed<Kept> | undefined) =>
  ({ plural, api, trim }) satisfies WatchedResource<Raw, Kept>;

/** @param bounds of the values in views' specs */
export const services = (bounds: LeaseBounds) =>
  resource("services", "/api/v1", (raw: Jsonify<V1Service>) => trimService(raw, bounds));

export const jobs = resource("jobs", "/apis/batch/v1", trimJob);
export const pods = resource("pods", "/api/v1", trimPod);

/** The Job controller's Events when it cannot create a pod. */
export const failedCreates = resource("events", "/api/v1", trimFailedCreate);

export const poolJobs = resource("jobs", "/apis/batch/v1", trimPoolJob);
export const poolPods = resource("pods", "/api/v1", trimPoolPod);
export const poolFailedCreates = resource("events", "/api/v1", trimPoolFailedCreate);

/** Any pod, to see whether it is being deleted. */
export const anyPods = resource("pods", "/api/v1", trimDeletion);

/** ConfigMaps, such as that of workload templates. */
export const configMaps = resource("configmaps", "/api/v1", trimConfigMap);

/** The kept part of each watched type of views' objects. */
export interface WatchedObjects {
  readonly services: ServiceObject;
  readonly jobs: JobObject;
  readonly pods: PodObject;
  readonly events: FailedCreateObject;
}
