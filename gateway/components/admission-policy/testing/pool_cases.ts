/** What a stolen token, or a template that wants too much, would write of warm pools. */
import type { Attempt } from "./account.ts";
import type { Case } from "./forbidden_cases.ts";
import { type StandingPods, warmPoolJob } from "./standing_pods.ts";
import type { JobOfView } from "./view_objects.ts";

/** All that is forbidden with pools' Jobs. */
export function poolCases({ pool, warm, running }: StandingPods): readonly Case[] {
  return [...createdPools(), ...changedPools(pool.name), ...deletedPools(pool.name, [warm, running])];
}

function createdPools(): readonly Case[] {
  const pool = (what: string, rule: RegExp, change: (job: JobOfView) => void): Case => {
    const job = warmPoolJob();
    // There is a pool of that name.
    job.metadata!.name = job.metadata!.name!.replace(/^[-0-9]{10}/, "2001-02-03");
    change(job);
    return { what: `a pool ${what}`, rule, attempt: { method: "POST", path: "batch/v1/jobs", body: job } };
  };
  const [NAMED, SMALL, POD, SECRET] = [
    /must be named DAY-warm-POOL-TIME/,
    /at most 100 pods, and an activeDeadlineSeconds/,
    /the pod must have the view's label .* or the pool's label/,
    /the pod of a warm pool none, as these containers and volumes do: (it|view)$/,
  ];
  const secret = { name: "other" };
  const owner = { apiVersion: "v1", kind: "Service", name: "hello", uid: crypto.randomUUID(), controller: true };
  return [
    pool("with a view's name", NAMED, ({ metadata }) => metadata!.name = "hello"),
    pool("with the name of another", NAMED, ({ metadata }) => metadata!.name = "2001-02-03-warm-other"),
    pool("with a view's label", NAMED, ({ metadata, spec }) => {
      metadata!.labels!["view.yolean.se/name"] = metadata!.name!;
      spec!.template.metadata!.labels!["view.yolean.se/name"] = metadata!.name!;
    }),
    pool("that a Service owns", NAMED, ({ metadata }) => metadata!.ownerReferences = [owner]),
    pool("without a lease", SMALL, ({ spec }) => delete spec!.activeDeadlineSeconds),
    pool("with a long lease", SMALL, ({ spec }) => spec!.activeDeadlineSeconds = 601),
    pool("with very many pods", SMALL, ({ spec }) => spec!.parallelism = 101),
    pool("whose pods are not its own", POD, ({ spec }) => delete spec!.template.metadata!.labels),
    pool(
      "whose pods are another's",
      POD,
      ({ spec }) => spec!.template.metadata!.labels!["view.yolean.se/pool"] = "other",
    ),
    pool(
      "whose pods are a view's",
      POD,
      ({ spec }) => spec!.template.metadata!.labels!["view.yolean.se/name"] = "hello",
    ),
    pool(
      "whose pods look like the gateway's",
      POD,
      ({ spec }) => spec!.template.metadata!.labels!["app.kubernetes.io/name"] = "view-gateway",
    ),
    pool("with a Secret in a volume", SECRET, ({ spec }) => {
      spec!.template.spec!.volumes!.push({ name: "it", secret: { secretName: "other" } });
    }),
    pool("with a Secret of its own name", SECRET, ({ metadata, spec }) => {
      spec!.template.spec!.volumes!.push({ name: "it", secret: { secretName: metadata!.name! } });
    }),
    pool(
      "with a Secret as variables",
      SECRET,
      ({ spec }) => spec!.template.spec!.containers[0]!.envFrom = [{ secretRef: secret }],
    ),
    pool("with a Secret's key as a variable", SECRET, ({ spec }) =>
      spec!.template.spec!.containers[0]!.env!.push({
        name: "STOLEN",
        valueFrom: { secretKeyRef: { ...secret, key: "a" } },
      })),
    pool("with a directory of its node", /volumes of emptyDir.*: it$/, ({ spec }) => {
      spec!.template.spec!.volumes!.push({ name: "it", hostPath: { path: "/" } });
    }),
    pool(
      "with a token",
      /no token of a service account/,
      ({ spec }) => spec!.template.spec!.automountServiceAccountToken = true,
    ),
    pool("that runs on one node", /not use its node/, ({ spec }) => spec!.template.spec!.nodeName = "node"),
    pool("that is privileged", /add no capability/, ({ spec }) => {
      spec!.template.spec!.containers[0]!.securityContext = { privileged: true };
    }),
  ];
}

function changedPools(name: string): readonly Case[] {
  const changed = (what: string, rule: RegExp, path: string, operations: object[]): Case => ({
    what: `a change: ${what}`,
    rule,
    attempt: { method: "PATCH", path: `batch/v1/jobs/${path}`, body: operations },
  });
  const label = (name: string) => `/metadata/labels/view.yolean.se~1${name}`;
  const service = { apiVersion: "v1", kind: "Service", name: "running", uid: crypto.randomUUID(), controller: true };
  // Both of the Job's policies refuse it.
  const EITHER = /must be named DAY-warm-POOL-TIME|the pod of a warm pool none/;
  return [
    changed("a pool's Job becomes a view's", /own name in the label|must keep its labels/, name, [
      { op: "remove", path: label("pool") },
      { op: "add", path: label("name"), value: name },
      { op: "add", path: "/metadata/ownerReferences", value: [{ ...service, name }] },
    ]),
    changed("a pool's Job becomes nobody's", /own name in the label/, name, [{ op: "remove", path: label("pool") }]),
    changed("a pool's Job gets an owner", /must be named .* neither an owner/, name, [
      { op: "add", path: "/metadata/ownerReferences", value: [service] },
    ]),
    changed("a pool's Job becomes another pool's", /must be named/, name, [
      { op: "replace", path: label("pool"), value: "other" },
    ]),
    changed("a pool's lease has no end", /activeDeadlineSeconds/, name, [
      { op: "remove", path: "/spec/activeDeadlineSeconds" },
    ]),
    changed("a pool's lease ends in three days", /activeDeadlineSeconds/, name, [
      { op: "replace", path: "/spec/activeDeadlineSeconds", value: 259_200 },
    ]),
    changed("a view's Job becomes a pool's", EITHER, "running", [
      { op: "remove", path: label("name") },
      { op: "add", path: label("pool"), value: "running" },
    ]),
    changed("a view's Job is a pool's too", EITHER, "running", [
      { op: "add", path: label("pool"), value: "running" },
    ]),
  ];
}

/** A pool ends by its lease, and a pod with its Job. */
function deletedPools(name: string, pods: readonly { readonly metadata: { readonly name: string } }[]) {
  const paths = [`batch/v1/jobs/${name}`, ...pods.map(({ metadata }) => `v1/pods/${metadata.name}`)];
  return paths.map((path): Case => {
    const attempt: Attempt = { method: "DELETE", path };
    return { what: `deletion of ${path}`, rule: /deletes only objects that have their own name/, attempt };
  });
}
