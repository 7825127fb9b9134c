/** What a thief of the gateway's token would do to pods. */
import { type Claim, claimPatch } from "../../../../sidecar/view/claim.ts";
import type { Attempt } from "./account.ts";
import type { Case } from "./forbidden_cases.ts";
import type { StandingPods, StoredJob } from "./standing_pods.ts";
import { viewJob } from "./view_objects.ts";

interface Operation {
  readonly op: "test" | "replace" | "add" | "remove";
  readonly path: string;
  readonly value?: unknown;
}

const LABELS = "/metadata/labels";
const OWNERS = "/metadata/ownerReferences";
const FINALIZERS = "/metadata/finalizers";
const NAME = `${LABELS}/view.yolean.se~1name`;
const POOL = `${LABELS}/view.yolean.se~1pool`;
const note = (name: string) => `/metadata/annotations/${name.replaceAll("/", "~1")}`;

const [LABEL, JOB, NOTE, SPEC, ELSE] = [
  /gets the label of a view instead of its pool's, and no other label but its new Job's/,
  /goes to the Job of its view, which must own it alone/,
  /writes no annotation of a pod but/,
  /changes nothing in the spec of a pod/,
  /changes nothing else of a pod/,
];

/** All that is forbidden with pods. */
export function podCases(pods: StandingPods): readonly Case[] {
  return [...claims(pods), ...viewsPods(pods), ...placeholders(pods), ...strangers(pods), ...more(pods)];
}

/** The gateway's own claim of a pool's pod for the view `gated`, as an attempt. */
export function claimOf({ warm, pool, job }: StandingPods, to: StoredJob = job): Attempt {
  const labels = viewJob({ name: to.name }).spec!.template.metadata!.labels!;
  const claim: Claim = { pod: { name: warm.metadata.name, uid: warm.metadata.uid!, job: pool }, job: to, labels };
  return { method: "PATCH", path: `v1/pods/${warm.metadata.name}`, body: claimPatch(claim) };
}

/** The claim with more operations behind it. */
function claims(pods: StandingPods): readonly Case[] {
  const { pool, warm } = pods;
  const claim = (what: string, rule: RegExp, more: readonly Operation[], to?: StoredJob): Case => {
    const { body, ...attempt } = claimOf(pods, to);
    return { what: `a claim ${what}`, rule, attempt: { ...attempt, body: [...body as Operation[], ...more] } };
  };
  const uid = crypto.randomUUID();
  return [
    claim("for another view than its Job's", JOB, [{ op: "replace", path: NAME, value: "running" }]),
    claim("for no view", LABEL, [{ op: "remove", path: NAME }]),
    claim("for the pool itself", LABEL, [], pool),
    claim("into a Job that is not a view's", JOB, [{ op: "replace", path: `${OWNERS}/0/name`, value: "theirs" }]),
    claim("into a ReplicaSet", JOB, [
      { op: "replace", path: `${OWNERS}/0/kind`, value: "ReplicaSet" },
      { op: "replace", path: `${OWNERS}/0/apiVersion`, value: "apps/v1" },
    ]),
    claim("into two Jobs", JOB, [
      { op: "add", path: `${OWNERS}/-`, value: { apiVersion: "batch/v1", kind: "Job", name: "running", uid } },
    ]),
    claim("into a Job that does not control it", JOB, [{
      op: "replace",
      path: `${OWNERS}/0/controller`,
      value: false,
    }]),
    claim("into none", JOB, [{ op: "remove", path: OWNERS }]),
    claim("that the Job does not find", JOB, [
      { op: "replace", path: `${LABELS}/batch.kubernetes.io~1controller-uid`, value: uid },
    ]),
    claim("that another Job finds by its name", JOB, [{ op: "replace", path: `${LABELS}/job-name`, value: "running" }]),
    claim("that leaves the pod in the pool", LABEL, [
      { op: "add", path: POOL, value: warm.metadata.labels!["view.yolean.se/pool"] },
    ]),
    claim("as a pod of the gateway's", LABEL, [
      { op: "add", path: `${LABELS}/app.kubernetes.io~1name`, value: "view-gateway" },
    ]),
    claim("for another gateway", LABEL, [{ op: "add", path: `${LABELS}/gateway`, value: "other" }]),
    claim("without the Job's finalizer", JOB, [{ op: "remove", path: FINALIZERS }]),
    claim("with a finalizer", JOB, [{ op: "add", path: `${FINALIZERS}/-`, value: "example.test/mine" }]),
    claim("without a trace", NOTE, [{ op: "remove", path: note("view.yolean.se/claimed-from") }]),
    claim("with a false trace", NOTE, [
      { op: "replace", path: note("view.yolean.se/claimed-from"), value: "2001-02-03-warm-other" },
    ]),
    claim("to another path", NOTE, [{ op: "add", path: note("view.yolean.se/assign"), value: "/_gate/other" }]),
    claim("with another image", SPEC, [
      { op: "replace", path: "/spec/containers/0/image", value: "example.test/mine:1" },
    ]),
    claim("without its origin", ELSE, [{ op: "remove", path: "/metadata/generateName" }]),
    claim("with another origin", ELSE, [{ op: "add", path: "/metadata/generateName", value: "mine-" }]),
  ];
}

/** A case of this pod. */
type OfPod = (what: string, rule: RegExp, body: readonly Operation[]) => Case;

function ofPod(whose: string, { metadata }: StandingPods["warm"]): OfPod {
  return (what, rule, body) => ({
    what: `${whose} pod ${what}`,
    rule,
    attempt: { method: "PATCH", path: `v1/pods/${metadata.name}`, body },
  });
}

function viewsPods({ running, warm, job }: StandingPods): readonly Case[] {
  const pod = ofPod("a view's", running);
  const [owner] = running.metadata.ownerReferences!;
  const VIEW = /changes no label, owner or finalizer of a view's pod/;
  return [
    pod("becomes another view's", VIEW, [{ op: "replace", path: NAME, value: "gated" }]),
    pod("is claimed by another view", VIEW, [
      { op: "replace", path: NAME, value: "gated" },
      { op: "replace", path: OWNERS, value: [{ ...owner, ...job }] },
    ]),
    pod("becomes a pool's", VIEW, [{ op: "remove", path: NAME }, { op: "add", path: POOL, value: "default" }]),
    pod("is a pool's too", VIEW, [{ op: "add", path: POOL, value: "default" }]),
    pod("loses its view", VIEW, [{ op: "remove", path: NAME }]),
    pod("looks like the gateway's", VIEW, [
      { op: "add", path: `${LABELS}/app.kubernetes.io~1name`, value: "view-gateway" },
    ]),
    pod("gets one more owner", VIEW, [{
      op: "add",
      path: `${OWNERS}/-`,
      value: { ...owner, ...job, controller: false },
    }]),
    pod("gets another owner", VIEW, [{ op: "replace", path: `${OWNERS}/0/uid`, value: job.uid }]),
    pod("is nobody's", VIEW, [{ op: "remove", path: OWNERS }]),
    pod("loses the finalizer of its Job", VIEW, [{ op: "remove", path: FINALIZERS }]),
    pod("never goes", VIEW, [{ op: "add", path: `${FINALIZERS}/-`, value: "example.test/mine" }]),
    pod("has another image", SPEC, [{ op: "replace", path: "/spec/containers/0/image", value: "example.test/mine:1" }]),
    pod("ends soon", SPEC, [{ op: "add", path: "/spec/activeDeadlineSeconds", value: 1 }]),
    pod("bears all nodes", SPEC, [{ op: "add", path: "/spec/tolerations/-", value: { operator: "Exists" } }]),
    pod("has an annotation of others", NOTE, [{ op: "add", path: note("example.test/a"), value: "b" }]),
    pod("loses an annotation", NOTE, [{ op: "remove", path: note("view.yolean.se/start-probe") }]),
    pod("comes from a pool", NOTE, [
      { op: "add", path: note("view.yolean.se/claimed-from"), value: warm.metadata.ownerReferences![0]!.name },
    ]),
  ];
}

function placeholders({ gated }: StandingPods): readonly Case[] {
  const pod = ofPod("a gated", gated);
  const GATES = "/spec/schedulingGates";
  return [
    pod("loses the gate of others", SPEC, [{ op: "remove", path: `${GATES}/1` }]),
    pod("loses all gates", SPEC, [{ op: "remove", path: GATES }]),
    pod("gets a node with its release", SPEC, [
      { op: "remove", path: `${GATES}/0` },
      { op: "add", path: "/spec/nodeSelector", value: { color: "blue" } },
    ]),
    pod("gets another image with its release", SPEC, [
      { op: "remove", path: `${GATES}/0` },
      { op: "replace", path: "/spec/containers/0/image", value: "example.test/mine:1" },
    ]),
  ];
}

function strangers({ warm, theirs, likePool, job }: StandingPods): readonly Case[] {
  const WHOSE = /changes only pods of views and of warm pools/;
  const assigned = [
    { op: "add", path: "/metadata/annotations", value: { "view.yolean.se/assigned": "a" } },
  ] as const;
  const owner = { apiVersion: "batch/v1", kind: "Job", controller: true, ...job };
  const labels = { "view.yolean.se/name": "gated", "job-name": "gated", "controller-uid": job.uid };
  const claimed = [{ op: "add", path: LABELS, value: labels }, { op: "add", path: OWNERS, value: [owner] }] as const;
  return [
    ofPod("somebody's", theirs)("is annotated", WHOSE, assigned),
    ofPod("somebody's", theirs)("is claimed", WHOSE, claimed),
    ofPod("somebody's", likePool)("of no pool is claimed", WHOSE, claimed),
    ofPod("a pool's", warm)("is assigned, but not claimed", LABEL, [
      { op: "add", path: note("view.yolean.se/assigned"), value: "a" },
    ]),
  ];
}

/** Other ways to a pod. */
function more({ running }: StandingPods): readonly Case[] {
  const { name } = running.metadata;
  const containers = [{ name: "main", image: "example.test/mine:1" }];
  const attempts: Readonly<Record<string, Attempt>> = {
    "a pod of the gateway's making": {
      method: "POST",
      path: "v1/pods",
      body: { metadata: { name: "mine", labels: { "view.yolean.se/name": "running" } }, spec: { containers } },
    },
    "an eviction": { method: "POST", path: `v1/pods/${name}/eviction`, body: { metadata: { name } } },
    "another status": {
      method: "PATCH",
      path: `v1/pods/${name}/status`,
      body: [{ op: "replace", path: "/status/podIP", value: "192.0.2.1" }],
    },
    "a container more": {
      method: "PATCH",
      path: `v1/pods/${name}/ephemeralcontainers`,
      body: [{ op: "add", path: "/spec/ephemeralContainers", value: [{ ...containers[0]!, name: "more" }] }],
    },
  };
  const rule = /only changes pods; it neither creates one nor gets into one/;
  return Object.entries(attempts).map(([what, attempt]) => ({ what, rule, attempt }));
}
