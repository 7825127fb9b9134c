import type { V1Service } from "@kubernetes/client-node";
import type { LeaseBounds } from "../../view/lease.ts";
import type { FailedCreateObject, JobObject, PodObject, ServiceObject, SliceObject } from "../../view/objects.ts";
import {
  type Jsonify,
  trimDeletion,
  trimFailedCreate,
  trimJob,
  type Trimmed,
  trimPod,
  trimService,
  trimSlice,
  trimTemplates,
} from "./trim.ts";

/** A type of Kubernetes object that is watched. */
export interface WatchedResource<Raw, Kept> {
  /** As in Kubernetes' API and its RBAC rules. */
  readonly plural: string;
  /** Path of the API group and version. */
  readonly api: string;
  /** What is kept of an object; undefined for one that belongs to no view. */
  readonly trim: (raw: Jsonify<Raw>) => Trimmed<Kept> | undefined;
}

/** What every kept object has. */
export interface Identified {
  readonly name: string;
  readonly uid: string;
}

const resource = <Raw, Kept>(plural: string, api: string, trim: (raw: Jsonify<Raw>) => Trimmed<Kept> | undefined) =>
  ({ plural, api, trim }) satisfies WatchedResource<Raw, Kept>;

/** @param bounds what views' specs may ask for */
export const services = (bounds: LeaseBounds) =>
  resource("services", "/api/v1", (raw: Jsonify<V1Service>) => trimService(raw, bounds));

export const endpointSlices = resource("endpointslices", "/apis/discovery.k8s.io/v1", trimSlice);
export const jobs = resource("jobs", "/apis/batch/v1", trimJob);
export const pods = resource("pods", "/api/v1", trimPod);

/** What the Job controller says when it cannot create a pod. */
export const failedCreates = resource("events", "/api/v1", trimFailedCreate);

/** Any pod, view's or not, as far as to know whether it is being deleted. */
export const anyPods = resource("pods", "/api/v1", trimDeletion);

/** The workload templates of views. */
export const templates = resource("configmaps", "/api/v1", trimTemplates);

/** What is kept of each watched type, of what belongs to views. */
export interface WatchedObjects {
  readonly services: ServiceObject;
  readonly endpointslices: SliceObject;
  readonly jobs: JobObject;
  readonly pods: PodObject;
  readonly events: FailedCreateObject;
}
