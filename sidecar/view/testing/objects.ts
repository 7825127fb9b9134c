import type {
  ContainerObject,
  JobObject,
  PodObject,
  ServiceObject,
  SliceEndpoint,
  SliceObject,
  ViewObjects,
} from "../objects.ts";

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
  ...change,
});
export const slice = (...endpoints: Partial<SliceEndpoint>[]): SliceObject => ({
  name: "hello-abc",
  uid: "slice-1",
  ports: [{ name: "http", port: 8080 }],
  endpoints: endpoints.map((endpoint) => ({
    address: "10.0.0.1",
    serving: true,
    terminating: false,
    podUid: "pod-1",
    ...endpoint,
  })),
});
export const objects = (change: Partial<ViewObjects>): ViewObjects => ({
  name: "hello",
  service,
  slices: [],
  job: undefined,
  pods: [],
  answered: [],
  unassignable: [],
  failedCreates: [],
  ...change,
});
