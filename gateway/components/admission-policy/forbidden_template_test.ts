import { deepEqual, match, ok } from "node:assert/strict";
import type { ViewResource } from "../../../types/mod.ts";
import { writeTemplates } from "../../../sidecar/kubernetes/testing/config_map.ts";
import { clusterTest } from "../../../sidecar/kubernetes/testing/namespace.ts";
import { Replica } from "../../../sidecar/testing/replica.ts";
import { eventually } from "../../../sidecar/testing/eventually.ts";
import { Account } from "./testing/account.ts";
import { enforceRestricted } from "./testing/pod_security.ts";
import { warmPoolJob } from "./testing/standing_pods.ts";
import { templateTexts, viewJob } from "./testing/view_objects.ts";

const good = templateTexts[0].text;
const rule = /volumes of emptyDir, configMap, .* which these are not: node/;
const hostPath = good.replace(
  "      containers:",
  "      volumes: [{name: node, hostPath: {path: /}}]\n      containers:",
);

clusterTest(
  "a template that the policies forbid fails the view with the rule's message until somebody mends it",
  async (views) => {
    await using gateway = await Account.create(views);
    await gateway.police();
    const annotations = { "view.yolean.se/spec": JSON.stringify({ subsets: [] }) };
    const labels = { "view.yolean.se/name": "hello" };
    await views.createService("hello", { metadata: { name: "hello", labels, annotations } });
    await using replica = await Replica.start(views, { load: gateway.load, template: hostPath });

    // The request is answered at once, with the rule as the cause, …
    const { status, body } = await replica.check("hello");
    const { reason, detail } = JSON.parse(body);
    deepEqual([status, reason], [503, "Forbidden"]);
    match(detail, rule);

    // … the API and a browser's page say so, …
    const { phase, cause }: ViewResource = JSON.parse((await replica.api("/_api/views/hello")).body);
    deepEqual([phase, cause?.reason], ["failed", "Forbidden"]);
    match(cause?.message ?? "", rule);
    const page = await replica.check("hello", { accept: "text/html", "sec-fetch-mode": "navigate" });
    match(page.body, rule);

    // … more requests soon wait before the gateway tries again, …
    const many = await Promise.all(Array.from({ length: 10 }, () => replica.check("hello")));
    ok(many.some(({ headers }) => Number(headers["retry-after"]) > 0), "a pause between tries");

    // … an Event of the view tells it to those who look with kubectl, …
    const { items } = await views.call("GET", "api/v1/events") as unknown as { items: { message: string }[] };
    match(items.map(({ message }) => message).join("\n"), rule);
    ok(items.length <= 3, `${items.length} tries for twelve requests`);

    // … and the view starts with the next request once the template is mended.
    await writeTemplates(views, { default: good });
    await eventually("the view passes", async () => await replica.status("hello") === 200, 30);
  },
);

clusterTest("a template that Pod Security forbids fails the view with its message as the cause", async (views) => {
  await enforceRestricted(views);
  await using gateway = await Account.create(views);
  await gateway.police();
  const annotations = { "view.yolean.se/spec": JSON.stringify({ subsets: [] }) };
  const labels = { "view.yolean.se/name": "hello" };
  await views.createService("hello", { metadata: { name: "hello", labels, annotations } });
  const asRoot = good.replace("runAsNonRoot: true", "runAsNonRoot: false");
  await using replica = await Replica.start(views, { load: gateway.load, template: asRoot });
  const { status, body } = await replica.check("hello");
  const { reason, detail } = JSON.parse(body);
  deepEqual([status, reason], [503, "FailedCreate"]);
  match(detail, /violates PodSecurity "restricted:latest": runAsNonRoot/);
});

clusterTest(
  "the pods of the example's templates, and of their pools, are admitted where pods must be restricted",
  async (views) => {
    await enforceRestricted(views);
    for (const { name, text } of templateTexts) {
      for (const [kind, job] of Object.entries({ cold: viewJob({ name, template: text }), warm: warmPoolJob(text) })) {
        const { template } = job.spec!;
        const metadata = { ...template.metadata, name: `${name}-${kind}` };
        await views.call("POST", "api/v1/pods", { ...template, metadata });
      }
    }
  },
);
