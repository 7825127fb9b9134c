/** What a stolen token, or a template that wants too much, would write. */
import type { Namespace } from "../../../../sidecar/kubernetes/testing/namespace.ts";
import type { Attempt } from "./account.ts";
import {
  type JobOfView,
  type SecretOfView,
  type ServiceOfView,
  type Standing,
  viewEvent,
  viewJob,
  viewSecret,
  viewService,
} from "./view_objects.ts";

type Pod = NonNullable<NonNullable<JobOfView["spec"]>["template"]["spec"]>;
type Container = Pod["containers"][number];
type Volume = NonNullable<Pod["volumes"]>[number];
type Variable = NonNullable<Container["env"]>[number];

export interface Case {
  readonly what: string;
  readonly attempt: Attempt;
  /** The message of the rule that it breaks. */
  readonly rule: RegExp;
}

/** A Job without any label gets those of its pod. */
const unlabelled = { color: "blue" };

/** All that is forbidden. `standing`: objects that are there. */
export function forbiddenCases({ name }: Namespace, standing: Standing): readonly Case[] {
  return [
    ...jobs(),
    ...changedJobs(standing),
    ...secrets(standing),
    ...services(standing),
    ...events(name),
    ...deletions(),
  ];
}

function jobs(): readonly Case[] {
  const ofJob = (what: string, rule: RegExp, change: (job: JobOfView) => void): Case => {
    const job = viewJob();
    change(job);
    return { what: `a Job ${what}`, rule, attempt: { method: "POST", path: "batch/v1/jobs", body: job } };
  };
  const ofPod = (what: string, rule: RegExp, change: (pod: Pod, container: Container) => void) =>
    ofJob(what, rule, ({ spec }) => change(spec!.template.spec!, spec!.template.spec!.containers[0]!));
  const volume = (what: string, rule: RegExp, source: Omit<Volume, "name">) =>
    ofPod(`with a volume of ${what}`, rule, (pod) => pod.volumes!.push({ name: "it", ...source }));
  const labels = { "view.yolean.se/name": "other" };
  const [LABEL, OWNER] = [/its own name in the label/, /must own the Job/];
  const [POD, TOKEN, NODE] = [
    /the pod must have the view's label/,
    /no token of a service account/,
    /not use its node/,
  ];
  const [VOLUME, MIGHTY, SECRET] = [
    /volumes of emptyDir.*: it$/,
    /add no capability.*: \w+$/,
    /no Secret but that with the name of the view.*: (view|it)$/,
  ];
  const secret = { name: "other" };
  return [
    ofJob("without a view's label", LABEL, ({ metadata }) => metadata!.labels = unlabelled),
    ofJob("with another view's label", LABEL, ({ metadata }) => metadata!.labels = labels),
    ofJob("without an owner", OWNER, ({ metadata }) => delete metadata!.ownerReferences),
    ofJob("of two Services", OWNER, ({ metadata }) => {
      const [owner] = metadata!.ownerReferences!;
      metadata!.ownerReferences = [owner!, { ...owner!, uid: crypto.randomUUID(), controller: false }];
    }),
    ofJob("of another view's Service", OWNER, ({ metadata }) => metadata!.ownerReferences![0]!.name = "other"),
    ofJob("of a ConfigMap", OWNER, ({ metadata }) => metadata!.ownerReferences![0]!.kind = "ConfigMap"),
    ofJob(
      "that its Service does not control",
      OWNER,
      ({ metadata }) => delete metadata!.ownerReferences![0]!.controller,
    ),
    ofJob("whose pod has no view's label", POD, ({ spec }) => delete spec!.template.metadata!.labels),
    ofJob("whose pod is another view's", POD, ({ spec }) => spec!.template.metadata!.labels = labels),
    ofJob(
      "whose pod looks like the gateway's",
      POD,
      ({ spec }) => spec!.template.metadata!.labels!["app.kubernetes.io/name"] = "view-gateway",
    ),
    ofPod("of another service account", TOKEN, (pod) => pod.serviceAccountName = "view-gateway"),
    ofPod("with a token", TOKEN, (pod) => pod.automountServiceAccountToken = true),
    ofPod("with a token by default", TOKEN, (pod) => delete pod.automountServiceAccountToken),
    volume("a token", TOKEN, { projected: { sources: [{ serviceAccountToken: { path: "token" } }] } }),
    ofPod("in its node's network", NODE, (pod, { ports }) => {
      pod.hostNetwork = true;
      for (const port of ports!) port.hostPort = port.containerPort;
    }),
    ofPod("among its node's processes", NODE, (pod) => pod.hostPID = true),
    ofPod("with its node's IPC", NODE, (pod) => pod.hostIPC = true),
    ofPod("for one node", NODE, (pod) => pod.nodeName = "node"),
    ofPod("with a port of its node", NODE, (_, { ports }) => ports![0]!.hostPort = 8080),
    ofPod("that is as important as the system", NODE, (pod) => pod.priorityClassName = "system-node-critical"),
    volume("a directory of its node", VOLUME, { hostPath: { path: "/" } }),
    volume("NFS", VOLUME, { nfs: { server: "192.0.2.1", path: "/" } }),
    volume("a CSI driver, which may be handed any Secret", VOLUME, {
      csi: { driver: "example.test", nodePublishSecretRef: { name: "other" } },
    }),
    ofPod(
      "with a privileged container",
      MIGHTY,
      (_, container) => container.securityContext = { privileged: true },
    ),
    ofPod(
      "with an init container that may escalate",
      MIGHTY,
      (pod) => pod.initContainers = [{ name: "first", image: "example.test/a:1" }],
    ),
    ofPod("that may escalate", MIGHTY, (_, container) => container.securityContext!.allowPrivilegeEscalation = true),
    ofPod("with a capability", MIGHTY, (_, container) => container.securityContext!.capabilities!.add = ["NET_RAW"]),
    ofPod("with all of /proc", MIGHTY, (pod, container) => {
      pod.hostUsers = false;
      container.securityContext!.procMount = "Unmasked";
    }),
    ofPod(
      "with another Secret's key as variable",
      SECRET,
      (_, container) => container.env = [...container.env ?? [], variable({ secretKeyRef: { ...secret, key: "a" } })],
    ),
    ofPod("with another Secret as variables", SECRET, (_, container) => container.envFrom = [{ secretRef: secret }]),
    volume("another Secret", SECRET, { secret: { secretName: "other" } }),
    volume("another Secret among others", SECRET, { projected: { sources: [{ secret }] } }),
  ];
}

function variable(valueFrom: Variable["valueFrom"]): Variable {
  return { name: "STOLEN", valueFrom: valueFrom! };
}

function changedJobs({ job, foreignJob }: Standing): readonly Case[] {
  const changed = (what: string, rule: RegExp, before: JobOfView, change: (job: JobOfView) => void): Case => {
    const body = structuredClone(before);
    change(body);
    return { what, rule, attempt: { method: "PUT", path: `batch/v1/jobs/${body.metadata!.name}`, body } };
  };
  return [
    changed(
      "a Job that loses its label",
      /own name in the label/,
      job,
      ({ metadata }) => metadata!.labels = unlabelled,
    ),
    changed(
      "a Job that gets another owner",
      /must keep its labels .* and its owner/,
      job,
      ({ metadata }) => metadata!.ownerReferences![0]!.uid = crypto.randomUUID(),
    ),
    changed(
      "a suspended Job whose pods become another view's",
      /the pod must have the view's label/,
      job,
      ({ spec }) => spec!.template.metadata!.labels!["view.yolean.se/name"] = "other",
    ),
    changed("somebody's Job that becomes a view's", /must keep its labels/, foreignJob, ({ metadata }) => {
      metadata!.labels = { ...metadata!.labels, "view.yolean.se/name": metadata!.name! };
      metadata!.ownerReferences = [{ ...job.metadata!.ownerReferences![0]!, name: metadata!.name! }];
    }),
  ];
}

function secrets({ foreignSecret }: Standing): readonly Case[] {
  const created = (what: string, rule: RegExp, change: (secret: SecretOfView) => void): Case => {
    const secret = viewSecret();
    change(secret);
    return { what: `a Secret ${what}`, rule, attempt: { method: "POST", path: "v1/secrets", body: secret } };
  };
  const owned = viewSecret(foreignSecret.metadata!.name!);
  return [
    created("that becomes a service account's token", /must be of type Opaque/, (secret) => {
      secret.type = "kubernetes.io/service-account-token";
      secret.metadata!.annotations = { "kubernetes.io/service-account.name": "default" };
      delete secret.stringData;
    }),
    created("for pulls", /must be of type Opaque/, (secret) => {
      secret.type = "kubernetes.io/dockerconfigjson";
      secret.stringData = { ".dockerconfigjson": "{}" };
    }),
    created("without a view's label", /own name in the label/, ({ metadata }) => delete metadata!.labels),
    created(
      "with another view's label",
      /own name in the label/,
      ({ metadata }) => metadata!.labels = { "view.yolean.se/name": "other" },
    ),
    created("without an owner", /must own the Secret/, ({ metadata }) => delete metadata!.ownerReferences),
    created(
      "of another Service",
      /must own the Secret/,
      ({ metadata }) => metadata!.ownerReferences![0]!.name = "other",
    ),
    {
      what: "somebody's Secret that becomes a view's",
      rule: /that have the label view.yolean.se\/name already/,
      attempt: { method: "PUT", path: `v1/secrets/${owned.metadata!.name}`, body: owned },
    },
  ];
}

function services({ service, foreignService }: Standing): readonly Case[] {
  const created = (what: string, rule: RegExp, change: (service: ServiceOfView) => void): Case => {
    const made = viewService();
    change(made);
    return { what: `a Service ${what}`, rule, attempt: { method: "POST", path: "v1/services", body: made } };
  };
  const changed = (what: string, before: ServiceOfView, change: (service: ServiceOfView) => void): Case => {
    const body = structuredClone(before);
    change(body);
    const attempt = { method: "PUT", path: `v1/services/${body.metadata!.name}`, body } as const;
    return { what, rule: /only Services that are views already, and never their spec/, attempt };
  };
  const [HEADLESS, SELECTOR] = [/must be headless/, /must select the pods of its own view/];
  return [
    created("without a view's label", /own name in the label/, ({ metadata }) => delete metadata!.labels),
    created(
      "of another view",
      /own name in the label/,
      ({ metadata }) => metadata!.labels = { "view.yolean.se/name": "other" },
    ),
    created("with an address", HEADLESS, ({ spec }) => delete spec!.clusterIP),
    created("for the internet", HEADLESS, ({ spec }) => {
      delete spec!.clusterIP;
      spec!.type = "LoadBalancer";
    }),
    created(
      "that stands for another host",
      HEADLESS,
      (service) => service.spec = { type: "ExternalName", externalName: "example.test" },
    ),
    created("with an address of others", HEADLESS, ({ spec }) => spec!.externalIPs = ["192.0.2.1"]),
    created(
      "of the gateway's pods",
      SELECTOR,
      ({ spec }) => spec!.selector = { "app.kubernetes.io/name": "view-gateway" },
    ),
    created("of another view's pods", SELECTOR, ({ spec }) => spec!.selector = { "view.yolean.se/name": "other" }),
    created("of any addresses", SELECTOR, ({ spec }) => delete spec!.selector),
    changed(
      "a view that selects other pods",
      service,
      ({ spec }) => spec!.selector = { "view.yolean.se/name": "other" },
    ),
    changed(
      "somebody's Service that becomes a view",
      foreignService,
      ({ metadata }) => metadata!.labels = { "view.yolean.se/name": metadata!.name! },
    ),
  ];
}

function events(namespace: string): readonly Case[] {
  const created = (what: string, rule: RegExp, change: object): Case => ({
    what: `an Event ${what}`,
    rule,
    attempt: { method: "POST", path: "v1/events", body: { ...viewEvent(namespace), ...change } },
  });
  const involvedObject = { apiVersion: "v1", kind: "Pod", namespace, name: "hello" };
  return [
    created("about a pod", /must be about a Service/, { involvedObject }),
    created("about a view's Job", /must be about a Service/, {
      involvedObject: { ...involvedObject, apiVersion: "batch/v1", kind: "Job" },
    }),
    created("of the kubelet", /must say that view-gateway reports it/, { reportingComponent: "kubelet" }),
    created("that comes from the kubelet", /must say that view-gateway/, { source: { component: "kubelet" } }),
  ];
}

/** Of what `standingObjects` makes. */
function deletions(): readonly Case[] {
  const paths = {
    "somebody's Secret": "v1/secrets/theirs",
    "somebody's Job": "batch/v1/jobs/theirs",
    "somebody's Service": "v1/services/theirs",
    "a ConfigMap": "v1/configmaps/theirs",
    "somebody's claim of a volume": "v1/persistentvolumeclaims/theirs",
    "an object that is part of a view": "v1/configmaps/part-of-hello",
    "a binding of rights": "rbac.authorization.k8s.io/v1/rolebindings/everything",
  };
  const rule = /deletes only objects that have their own name in the label/;
  return Object.entries(paths).map(([what, path]) => ({
    what: `deletion: ${what}`,
    rule,
    attempt: { method: "DELETE", path },
  }));
}
