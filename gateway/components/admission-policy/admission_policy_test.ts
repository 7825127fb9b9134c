import { deepEqual, equal, ok } from "node:assert/strict";
import { systemTime } from "../../../sidecar/async/time.ts";
import { clusterTest } from "../../../sidecar/kubernetes/testing/namespace.ts";
import { EventWrites } from "../../../sidecar/kubernetes/write/event_writes.ts";
import { JobWrites } from "../../../sidecar/kubernetes/write/job_writes.ts";
import { PodWrites } from "../../../sidecar/kubernetes/write/pod_writes.ts";
import { SecretWrites } from "../../../sidecar/kubernetes/write/secret_writes.ts";
import { ServiceWrites } from "../../../sidecar/kubernetes/write/service_writes.ts";
import { withClaimGate } from "../../../sidecar/view/claim.ts";
import { eventually } from "../../../sidecar/testing/eventually.ts";
import { Account } from "./testing/account.ts";
import { forbiddenCases } from "./testing/forbidden_cases.ts";
import { podCases } from "./testing/pod_cases.ts";
import { poolCases } from "./testing/pool_cases.ts";
import { podIn, standingPods, warmPoolJob } from "./testing/standing_pods.ts";
import {
  type JobOfView,
  standingObjects,
  templateTexts,
  viewJob,
  viewSecret,
  viewService,
} from "./testing/view_objects.ts";

clusterTest(
  "what is not a view's is refused by the rule that it breaks, and would pass without the policies",
  async (views) => {
    await using gateway = await Account.create(views);
    const pods = await standingPods(views);
    const cases = [
      ...forbiddenCases(views, await standingObjects(views)),
      ...poolCases(pods),
      ...podCases(pods),
    ];
    const wrong: string[] = [];
    for (const { what, attempt } of cases) {
      const { status, message } = await gateway.attempt(attempt);
      if (status >= 300) wrong.push(`${what} is refused without the policies: ${message}`);
    }
    await gateway.police();
    for (const { what, attempt, rule } of cases) {
      const { status, message } = await gateway.attempt(attempt);
      if (status !== 403 || !rule.test(message)) wrong.push(`${what} gets ${status}: ${message}`);
    }
    deepEqual(wrong, []);
  },
);

clusterTest("what the gateway makes is accepted, by the sidecar's own functions", async (views) => {
  await using gateway = await Account.create(views);
  await gateway.police();
  const { transport } = gateway;
  const { name: namespace, signal } = views;
  const services = new ServiceWrites(transport, namespace, systemTime);
  const jobs = new JobWrites(transport, namespace, systemTime);
  const secrets = new SecretWrites(transport, namespace);
  const events = new EventWrites({ transport, namespace, rate: { take: () => true }, now: Date.now });
  for (const { name, text } of templateTexts) {
    const service = await services.create(viewService(name), signal);
    ok(service.kind === "created", JSON.stringify(service));
    for (const keys of [false, true]) {
      const job = await jobs.create(viewJob({ name, serviceUid: service.uid, template: text, keys }), signal);
      ok(job.kind === "created", `${name}: ${JSON.stringify(job)}`);
      const { uid } = job;
      equal((await jobs.renew(name, { uid, from: 60, to: 120 }, signal)).kind, "renewed", name);
      await jobs.delete(name, uid, signal);
      await eventually(`the Job ${name} is gone`, async () => await jobs.get(name, signal) === undefined, 30);
    }
    const secret = await secrets.create(viewSecret(name, service.uid), signal);
    ok(secret.kind === "written", JSON.stringify(secret));
    equal((await secrets.replace(viewSecret(name, service.uid), secret.secret.metadata, signal)).kind, "written");
    for (const once of [undefined, "once"]) {
      const warning = { reason: "StartFailed", message: "no", ...once !== undefined && { once } };
      equal((await events.warn({ name, uid: service.uid }, warning, signal)).kind, "written");
    }
    await secrets.delete(name, secret.secret.metadata.uid, signal);
    equal((await services.delete(name, service.uid, signal)).kind, "deleted");
  }
});

clusterTest("what the gateway makes of warm pools is accepted, by the sidecar's own functions", async (views) => {
  await using gateway = await Account.create(views);
  await gateway.police();
  const { transport } = gateway;
  const { name: namespace, signal } = views;
  const jobs = new JobWrites(transport, namespace, systemTime);
  const pods = new PodWrites(transport, namespace, systemTime);
  const events = new EventWrites({ transport, namespace, rate: { take: () => true }, now: Date.now });
  for (const { name, text } of templateTexts) {
    const create = async (job: JobOfView) => {
      const created = await jobs.create(job, signal);
      ok(created.kind === "created", `${name}: ${JSON.stringify(created)}`);
      return { name: job.metadata!.name!, uid: created.uid };
    };
    const start = async (view: string) => {
      const serviceUid = await views.createService(view);
      const job = withClaimGate(viewJob({ name: view, serviceUid, template: text }));
      return { serviceUid, job: await create(job), labels: job.spec!.template.metadata!.labels! };
    };
    const pool = await create(warmPoolJob(text));
    equal((await jobs.renew(pool.name, { uid: pool.uid, from: 600, to: 1200 }, signal)).kind, "renewed");
    const warm = await podIn(views, pool.name, "Running");
    const { serviceUid, job, labels } = await start(`${name}-warm`);
    deepEqual(await pods.claim({ pod: { ...warm, job: pool }, job, labels }, signal), { kind: "claimed" });
    for (const notes of [{ assigned: serviceUid }, { credentialsEnd: "2026-01-01T00:00:00Z" }]) {
      deepEqual(await pods.annotate(warm, notes, signal), { kind: "patched" });
    }
    const { job: { name: cold } } = await start(`${name}-cold`);
    deepEqual(await pods.release(await podIn(views, cold, "Pending"), signal), { kind: "patched" });

    const warning = { reason: "PoolStopped", message: "no" };
    equal((await events.warn({ kind: "Job", ...pool }, warning, signal)).kind, "written");
    deepEqual(await jobs.stopPods(pool.name, pool.uid, signal), { kind: "renewed" });
  }
});

clusterTest("the annotations of a view change, also of one that kubectl made with another selector", async (views) => {
  await using gateway = await Account.create(views);
  await gateway.police();
  const made = viewService("hers");
  made.spec!.selector = { app: "hers" };
  const stored = await views.call("POST", "api/v1/services", made);
  const body = { ...stored, metadata: { ...stored.metadata, annotations: { "view.yolean.se/spec": "{}" } } };
  deepEqual(await gateway.attempt({ method: "PUT", path: "v1/services/hers", body }), { status: 200, message: "" });
});

clusterTest(
  "the lease of a Job from before the policies is not extended where the Job breaks a rule",
  async (views) => {
    await using gateway = await Account.create(views);
    const { transport } = gateway;
    const jobs = new JobWrites(transport, views.name, systemTime);
    const serviceUid = await views.createService("hello");
    const job = viewJob({ serviceUid });
    job.spec!.template.spec!.volumes!.push({ name: "node", hostPath: { path: "/" } });
    const created = await jobs.create(job, views.signal);
    ok(created.kind === "created", JSON.stringify(created));
    const { uid } = created;
    equal((await jobs.renew("hello", { uid, from: 60, to: 120 }, views.signal)).kind, "renewed");
    await gateway.police();
    equal((await jobs.renew("hello", { uid, from: 120, to: 240 }, views.signal)).kind, "refused");
  },
);

clusterTest(
  "nobody else is bound, nor is the gateway in its own namespace, but for Secrets with a meaning",
  async (views) => {
    await using gateway = await Account.create(views);
    const cases = forbiddenCases(views, await standingObjects(views));
    await gateway.police();
    const refused: string[] = [];
    for (const { what, attempt } of cases) {
      const { status, message } = await gateway.attempt(attempt, views.name, { as: "admin" });
      ok(status < 300, `an administrator's ${what}: ${message}`);
      if (attempt.method !== "POST" || /Event/.test(what)) continue;
      const own = await gateway.attempt(attempt, gateway.namespace);
      if (own.status >= 300) refused.push(`${what}: ${own.message.replace(/.* denied request: /, "")}`);
    }
    const opaque = "a Secret of the gateway must be of type Opaque";
    deepEqual(refused, [
      `a Secret that becomes a service account's token: ${opaque}`,
      `a Secret for pulls: ${opaque}`,
    ]);
  },
);
