import type { ContainerObject, JobObject, PodObject, ServiceObject, ViewObjects } from "../objects.ts";

/** The kept objects of the view `hello`, with a test's changes. */

export const at = "2026-01-01T00:00:00Z";
export const service: ServiceObject = {
  name: "hello",
  uid: "service-1",
  resourceVersion: "1",
  createdAt: at,
  spec: { spec: { subsets: [] } },
  deleting: false,
};
export const condition = (type: string, reason = "", status = "True") => ({
  type,
  status,
  reason,
  message: `${reason}.`,
  at,
});
export const job = (change: Partial<JobObject> = {}): JobObject => ({
  name: "hello",
  uid: "job-1",
  ownerUid: "service-1",
  createdAt: at,
  startedAt: at,
  activeDeadlineSeconds: 900,
  deleting: false,
  conditions: [],
  ...change,
});
const scheduled = condition("PodScheduled");
export const container = (change: Partial<ContainerObject> = {}): ContainerObject => ({
  name: "view",
  startedAt: undefined,
  waiting: undefined,
  terminated: undefined,
  ...change,
});
export const pod = (change: Partial<PodObject> = {}): PodObject => ({
  name: "hello-x",
  uid: "pod-1",
  jobUid: "job-1",
  createdAt: at,
  shape: { labels: { "view.yolean.se/name": "hello" }, ports: [{ name: "http", number: 8080 }] },
  phase: "Running",
  reason: undefined,
  message: undefined,
  deleting: false,
  conditions: [scheduled],
  containers: [container()],
  address: "10.0.0.1",
  ...change,
});
/** As `pod`, and the kubelet says that it is ready. */
export const ready = (change: Partial<PodObject> = {}): PodObject =>
  pod({ ...change, conditions: [...change.conditions ?? [scheduled], condition("Ready")] });
/** As `ready`, and claimed from a pool; not assigned. */
export const claimed = (change: Partial<PodObject> = {}): PodObject =>
  ready({ claimedFrom: "2026-01-01-warm-default-0123456789-000", assignPath: "/_gate/assign", ...change });
/** The gated pod of a Job. */
export const gated = (change: Partial<PodObject> = {}): PodObject => {
  const waits = condition("PodScheduled", "SchedulingGated", "False");
  const { address: _, ...rest } = pod({ name: "hello-gated", uid: "pod-0", phase: "Pending", conditions: [waits] });
  return { ...rest, containers: [], gated: true, ...change };
};
export const objects = (change: Partial<ViewObjects>): ViewObjects => ({
  name: "hello",
  service,
  job: undefined,
  pods: [],
  answered: [],
  unassignable: [],
  failedCreates: [],
  ...change,
});
