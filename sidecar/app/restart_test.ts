import { deepEqual, equal, match, notEqual } from "node:assert/strict";
import type { ViewResource } from "@view-gateway/types";
import { writeTemplates } from "../kubernetes/testing/config_map.ts";
import { clusterTest, type Namespace } from "../kubernetes/testing/namespace.ts";
import { Replica } from "../testing/replica.ts";
import { eventually } from "../testing/eventually.ts";
import { podTemplate } from "../testing/with_replica.ts";

const [first, second] = [podTemplate(), podTemplate({ annotations: { version: "2" } })];

/** A gateway, and what its API says of the view `hello`. */
async function start(namespace: Namespace, spec: object) {
  await writeTemplates(namespace, { default: first, first, second });
  const annotations = { "view.yolean.se/spec": JSON.stringify(spec) };
  const labels = { "view.yolean.se/name": "hello" };
  await namespace.createService("hello", { metadata: { name: "hello", labels, annotations } });
  const replica = await Replica.start(namespace);
  const view = async (): Promise<ViewResource> => JSON.parse((await replica.api("/_api/views/hello")).body);
  return {
    replica,
    view,
    apply: (spec: object) => namespace.annotate("hello", JSON.stringify(spec)),
    job: async () => (await namespace.call("GET", "apis/batch/v1/jobs/hello")).metadata.uid,
    eventually: (what: string, fits: (view: ViewResource) => boolean) =>
      eventually(what, async () => fits(await view())),
    [Symbol.asyncDispose]: () => replica[Symbol.asyncDispose](),
  };
}

clusterTest("a view whose spec changes while it runs says so, and has it after a restart", async (namespace) => {
  await using gateway = await start(namespace, { subsets: [], idleSeconds: 600 });
  const { replica, view, apply, eventually } = gateway;
  equal(await replica.status("hello"), 200);
  equal((await view()).restartNeeded, undefined);

  // How long it may idle holds from the next renewal on, and another name of its template changes nothing, …
  await apply({ subsets: [], idleSeconds: 700, template: "first" });
  await eventually("the new spec", ({ idleSeconds }) => idleSeconds === 700);
  equal((await view()).restartNeeded, undefined);

  // … but its pod keeps the template, as the API and the page say, while it goes on as it is, …
  await apply({ subsets: [], template: "second" });
  await eventually("a restart is needed", ({ restartNeeded }) => restartNeeded !== undefined);
  const { phase, restartNeeded } = await view();
  deepEqual([phase, restartNeeded], ["awake", ["template"]]);
  match((await replica.api("/")).body, /Restart needed: template changed/);
  equal(await replica.status("hello"), 200);

  // … until it is restarted.
  const before = await gateway.job();
  equal((await replica.api("/_api/views/hello/restart", "POST")).status, 202);
  equal(await replica.status("hello"), 200);
  equal((await view()).restartNeeded, undefined);
  notEqual(await gateway.job(), before);
});

clusterTest(
  "a change of a view's annotation writes one Event, and a change of a template writes none",
  async (namespace) => {
    await using gateway = await start(namespace, { subsets: [] });
    await using other = await Replica.start(namespace, { envoy: false });
    equal(await gateway.replica.status("hello"), 200);
    const seen = async (): Promise<ViewResource> => JSON.parse((await other.api("/_api/views/hello")).body);
    const events = async () =>
      (await namespace.call("GET", "api/v1/events") as unknown as { items: { reason: string }[] }).items
        .filter(({ reason }) => reason === "RestartNeeded").length;
    await eventually("the other gateway knows the Job", async () => (await seen()).phase === "awake");

    await writeTemplates(namespace, { default: second, second: first });
    await gateway.eventually("a restart is needed", ({ restartNeeded }) => restartNeeded?.[0] === "template");
    await eventually("the other gateway says so", async () => (await seen()).restartNeeded !== undefined);
    equal(await events(), 0);
    await writeTemplates(namespace, { default: first, second });
    await gateway.eventually("no restart is needed", ({ restartNeeded }) => restartNeeded === undefined);
    await eventually("nor at the other gateway", async () => (await seen()).restartNeeded === undefined);

    await gateway.apply({ subsets: [], template: "second" });
    await eventually("the other gateway says so, too", async () => (await seen()).restartNeeded !== undefined);
    await eventually("an Event", async () => await events() > 0);
    equal(await events(), 1);
  },
);
