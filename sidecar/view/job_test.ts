import { deepEqual, equal } from "node:assert/strict";
import type { V1Job } from "@kubernetes/client-node";
import { jobOf } from "./job.ts";

const template: V1Job = {
  apiVersion: "batch/v1",
  kind: "Job",
  metadata: { name: "template", labels: { team: "platform" }, annotations: { note: "kept" } },
  spec: {
    completions: 1,
    activeDeadlineSeconds: 7,
    template: {
      metadata: { labels: { tier: "gold" }, annotations: { scrape: "true" } },
      spec: {
        restartPolicy: "Always",
        securityContext: { runAsNonRoot: true },
        initContainers: [{ name: "fetch", image: "fetch:1" }],
        containers: [{
          name: "view",
          image: "view:1",
          env: [{ name: "COLOUR", value: "blue" }, { name: "VIEW_NAME", value: "of the template" }],
        }],
      },
    },
  },
};
const launch = {
  name: "hello",
  serviceUid: "service-1",
  spec: { subsets: [{ bucket: "lake", prefix: "sales/" }] },
  required: { team: "sales" },
  terms: { idle: 900, lifetime: 604_800 },
};

Deno.test("a Job has the view's name and labels, and is owned by its Service", () => {
  const job = jobOf(template, launch);
  equal(job.metadata?.name, "hello");
  deepEqual(job.metadata?.labels, {
    team: "sales",
    "view.yolean.se/name": "hello",
    "app.kubernetes.io/managed-by": "view-gateway",
  });
  deepEqual(job.metadata?.ownerReferences, [
    { apiVersion: "v1", kind: "Service", name: "hello", uid: "service-1", controller: true },
  ]);
});

Deno.test("its pods carry the view's labels beside the template's, and never restart", () => {
  const pod = jobOf(template, launch).spec!.template;
  deepEqual(pod.metadata, {
    labels: {
      tier: "gold",
      team: "sales",
      "view.yolean.se/name": "hello",
      "app.kubernetes.io/managed-by": "view-gateway",
    },
    annotations: { scrape: "true" },
  });
  equal(pod.spec?.restartPolicy, "Never");
});

Deno.test("a template that was copied from a claimed pod makes no pod that looks claimed", () => {
  const notes = ["claimed-from", "assigned", "credentials-end"].map((note) => [`view.yolean.se/${note}`, "a"]);
  const annotations = { scrape: "true", ...Object.fromEntries(notes) };
  const copied = { ...template, spec: { ...template.spec!, template: { metadata: { annotations } } } };
  deepEqual(jobOf(copied, launch).spec?.template.metadata?.annotations, { scrape: "true" });
});

Deno.test("every container gets the view's name and subsets, whatever the template sets", () => {
  const pod = jobOf(template, launch).spec!.template.spec!;
  const view = [
    { name: "VIEW_NAME", value: "hello" },
    { name: "VIEW_SUBSETS", value: '[{"bucket":"lake","prefix":"sales/"}]' },
  ];
  deepEqual(pod.containers[0]?.env, [{ name: "COLOUR", value: "blue" }, ...view]);
  deepEqual(pod.initContainers?.[0]?.env, view);
});

Deno.test("the template's fields stay: image, security context, the Job's own", () => {
  const job = jobOf(template, launch);
  equal(job.spec?.completions, 1);
  equal(job.spec?.template.spec?.containers[0]?.image, "view:1");
  deepEqual(job.spec?.template.spec?.securityContext, { runAsNonRoot: true });
  deepEqual(job.metadata?.annotations, { note: "kept" });
});

Deno.test("the end of a crashed container's log is kept, unless the template says otherwise", () => {
  const policy = (container: object) => {
    const { spec } = template;
    const pod = { ...spec!.template, spec: { containers: [{ name: "view", ...container }] } };
    const job = jobOf({ ...template, spec: { ...spec!, template: pod } }, launch);
    return job.spec?.template.spec?.containers[0]?.terminationMessagePolicy;
  };
  equal(policy({}), "FallbackToLogsOnError");
  equal(policy({ terminationMessagePolicy: "File" }), "File");
});

Deno.test("the Job's deadline is the view's first lease", () => {
  equal(jobOf(template, launch).spec?.activeDeadlineSeconds, 900);
});

Deno.test("Kubernetes does not retry a crash unless the template says so", () => {
  equal(jobOf(template, launch).spec?.backoffLimit, 0);
  const patient = { ...template, spec: { ...template.spec!, backoffLimit: 3 } };
  equal(jobOf(patient, launch).spec?.backoffLimit, 3);
});

const lake = { endpoint: "http://minio:9000", region: "us-east-1", pathStyle: true };

Deno.test("every container of a view with subsets has its credentials as files, and no keys as variables", () => {
  const pod = jobOf(template, { ...launch, lake }).spec!.template.spec!;
  deepEqual(pod.volumes?.map(({ secret }) => secret?.secretName), ["hello"]);
  for (const { env = [], volumeMounts = [] } of [...pod.containers, ...pod.initContainers!]) {
    const [directory] = volumeMounts.map(({ mountPath }) => mountPath);
    const variables = Object.fromEntries(env.map(({ name, value }) => [name, value]));
    equal(variables.AWS_CONFIG_FILE, `${directory}/config`);
    equal(variables.AWS_SHARED_CREDENTIALS_FILE, `${directory}/credentials`);
    equal(variables.AWS_ENDPOINT_URL_S3, "http://minio:9000");
    equal(variables.AWS_REGION, "us-east-1");
    equal(variables.AWS_EC2_METADATA_DISABLED, "true");
    equal("AWS_ACCESS_KEY_ID" in variables, false);
    equal(variables.VIEW_NAME, "hello");
  }
});

Deno.test("keys are also variables if the template asks for it", () => {
  const asking = structuredClone(template);
  asking.spec!.template.metadata!.annotations = { "view.yolean.se/aws-keys-in-environment": "true" };
  const [container] = jobOf(asking, { ...launch, lake }).spec!.template.spec!.containers;
  deepEqual(container?.env?.find(({ name }) => name === "AWS_SECRET_ACCESS_KEY"), {
    name: "AWS_SECRET_ACCESS_KEY",
    valueFrom: { secretKeyRef: { name: "hello", key: "AWS_SECRET_ACCESS_KEY" } },
  });
});

Deno.test("an empty or null list in a template has no items", () => {
  const empty = structuredClone(template);
  Object.assign(empty.spec!.template.spec!, { volumes: null, initContainers: null });
  Object.assign(empty.spec!.template.spec!.containers[0]!, { env: null, volumeMounts: null, ports: null });
  equal(jobOf(empty, { ...launch, lake }).spec!.template.spec!.volumes?.length, 1);
});

Deno.test("a view without subsets gets nothing for the lake", () => {
  deepEqual(
    jobOf(template, { ...launch, lake, spec: { subsets: [] } }),
    jobOf(template, { ...launch, spec: { subsets: [] } }),
  );
});

Deno.test("an ended Job stays for a day, or as the template says", () => {
  equal(jobOf(template, launch).spec?.ttlSecondsAfterFinished, 86_400);
  const brief = { ...template, spec: { ...template.spec!, ttlSecondsAfterFinished: 60 } };
  equal(jobOf(brief, launch).spec?.ttlSecondsAfterFinished, 60);
});
