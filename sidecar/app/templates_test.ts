import { deepEqual, equal, match } from "node:assert/strict";
import { writeTemplates } from "../kubernetes/testing/config_map.ts";
import { faultProxy } from "../kubernetes/testing/fault_proxy.ts";
import { clusterTest } from "../kubernetes/testing/namespace.ts";
import { warnings } from "../kubernetes/testing/warnings.ts";
import type { HttpRequest } from "../envoy/testing/http_client.ts";
import { Replica } from "../testing/replica.ts";
import { podTemplate, withReplica } from "../testing/with_replica.ts";
import { eventually } from "../testing/eventually.ts";

type Asked = (more?: Partial<HttpRequest>) => Promise<{ readonly status: number; readonly body: string }>;

const GOOD = podTemplate();

async function viewIn(asked: Asked) {
  const { phase, cause } = JSON.parse((await asked({ host: "localhost", path: "/_api/views/hello" })).body);
  return { phase, reason: cause?.reason, message: cause?.message };
}

clusterTest(
  "a view whose template breaks has failed at once, and sleeps again once it is mended",
  async (namespace) => {
    await withReplica(namespace, {}, async (replica, asked) => {
      equal((await viewIn(asked)).phase, "asleep");
      await writeTemplates(namespace, { default: GOOD.replace('"Job"', '"Jib"'), other: GOOD });
      await eventually("the view has failed", async () => (await viewIn(asked)).phase === "failed");

      const { reason, message } = await viewIn(asked);
      deepEqual([reason, message.slice(0, 33)], ["InvalidTemplate", "Template default is not a Job: it"]);
      const denied = await asked();
      deepEqual([denied.status, JSON.parse(denied.body).reason], [503, "InvalidTemplate"]);
      const { items } = await namespace.call("GET", "apis/batch/v1/jobs") as unknown as { items: unknown[] };
      deepEqual(items, []);
      await asked({ host: "localhost", path: "/_api/views/hello/restart", method: "POST" });
      {
        await using other = await Replica.start(namespace, { envoy: false });
        equal((await other.check("hello")).status, 503);
        const [warning, ...more] = await warnings(namespace, 1);
        deepEqual([warning?.involvedObject.name, warning?.reason, more], ["hello", "InvalidTemplate", []]);
        match(warning!.message, /^Template default is not a Job/);
      }

      await writeTemplates(namespace, { default: GOOD, other: GOOD });
      await eventually("the view sleeps", async () => (await viewIn(asked)).phase === "asleep");
      equal((await replica.check("hello")).status, 200);
    });
  },
);

clusterTest("a view is started again from its template as it is now", async (namespace) => {
  await withReplica(namespace, {}, async (replica, asked) => {
    const image = async () => {
      const { items } = await namespace.call("GET", "apis/batch/v1/jobs") as unknown as {
        items: { readonly spec: { readonly template: { readonly spec: { containers: { image: string }[] } } } }[];
      };
      return items.map(({ spec }) => spec.template.spec.containers[0]?.image);
    };
    equal((await replica.check("hello")).status, 200);
    deepEqual(await image(), ["example.test/view:1"]);

    await writeTemplates(namespace, { default: GOOD.replace("view:1", "view:2"), other: GOOD });
    // The API accepts the other template once the change is known.
    const create = (name: string, template: string) =>
      asked({
        host: "localhost",
        path: "/_api/views",
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ name, template, subsets: [] }),
      });
    await eventually("the change is known", async () => (await create("probe", "other")).status !== 422);
    equal((await viewIn(asked)).phase, "awake", "what runs goes on");
    const restarted = await asked({ host: "localhost", path: "/_api/views/hello/restart", method: "POST" });
    equal(restarted.status, 202);
    deepEqual(await image(), ["example.test/view:2"]);

    const refused = JSON.parse((await create("lost", "otter")).body);
    deepEqual([refused.status, refused.errors.length, refused.errors[0].pointer], [422, 1, "/template"]);
    match(refused.errors[0].detail, /There is no template otter: .*There are default, other\. Did you mean other\?/);
    match(refused.detail, /^The view is not valid: \/template .* Did you mean other\?$/);
  });
});

clusterTest("without the ConfigMap no view can start, and what is awake goes on", async (namespace) => {
  await withReplica(namespace, {}, async (replica, asked) => {
    equal((await replica.check("hello")).status, 200);
    await namespace.createService("asleep", {
      metadata: {
        name: "asleep",
        labels: { "view.yolean.se/name": "asleep" },
        annotations: { "view.yolean.se/spec": '{"subsets": []}' },
      },
    });
    await namespace.call("DELETE", "api/v1/configmaps/view-gateway-templates");
    // A request before that would still wake it.
    const phase = async () => JSON.parse((await replica.api("/_api/views/asleep")).body).phase;
    await eventually("the other view has failed", async () => await phase() === "failed");
    const { reason, detail } = JSON.parse((await replica.check("asleep")).body);
    equal(reason, "InvalidTemplate");
    match(detail, /There is no template default: there is no ConfigMap view-gateway-templates\.$/);
    equal((await viewIn(asked)).phase, "awake");
  });
});

clusterTest(
  "a sidecar that may not read templates is not ready, says so, and goes on once it may",
  async (namespace) => {
    let allowed = false;
    const message = 'configmaps "view-gateway-templates" is forbidden: User "a" cannot list resource "configmaps"';
    await using proxy = await faultProxy(
      namespace.load(),
      (url, forward) =>
        allowed || !url.pathname.endsWith("/configmaps") ? forward(url) : Promise.resolve(
          Response.json({ kind: "Status", code: 403, reason: "Forbidden", message }, { status: 403 }),
        ),
    );
    await using replica = await Replica.start(namespace, { load: proxy.load, envoy: false });
    const { status, text } = await replica.probe("/readyz");
    equal(status, 503);
    match(text, /The views have not been read from Kubernetes yet/);
    match(text, /The watch of configmaps has never heard anything/);
    allowed = true;
    await eventually("it has read all", async () => !/have not been read/.test((await replica.probe("/readyz")).text));
  },
);
