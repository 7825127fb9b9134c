import { deepEqual, equal, match } from "node:assert/strict";
import type { ViewResource } from "@view-gateway/types";
import { clusterTest } from "../kubernetes/testing/namespace.ts";
import { Replica } from "../testing/replica.ts";
import { eventually } from "../testing/eventually.ts";

clusterTest("a Job that is not the view's stays, though it has the view's name and label", async (namespace) => {
  const labels = { "view.yolean.se/name": "hello" };
  const annotations = { "view.yolean.se/spec": JSON.stringify({ subsets: [] }) };
  await namespace.createService("hello", { metadata: { name: "hello", labels, annotations } });
  const template = { spec: { restartPolicy: "Never", containers: [{ name: "main", image: "example.test/theirs:1" }] } };
  await namespace.call("POST", "apis/batch/v1/jobs", {
    metadata: { name: "hello", labels },
    spec: { suspend: true, template },
  });
  await using replica = await Replica.start(namespace);
  const { status, body } = await replica.check("hello");
  deepEqual([status, JSON.parse(body).reason], [503, "JobNameTaken"]);
  const job = await namespace.call("GET", "apis/batch/v1/jobs/hello");
  match(JSON.stringify(job), /theirs:1/);
});

clusterTest(
  "a view whose launch made no Job has failed in the API, on the page and at the gate, until it starts",
  async (namespace) => {
    const annotations = { "view.yolean.se/spec": JSON.stringify({ subsets: [] }) };
    const labels = { "view.yolean.se/name": "hello" };
    await namespace.createService("hello", { metadata: { name: "hello", labels, annotations } });
    // Given a foreign Job with the view's name, which no watch selects, …
    const containers = [{ name: "main", image: "example.test/theirs:1" }];
    const template = { spec: { restartPolicy: "Never", containers } };
    await namespace.call("POST", "apis/batch/v1/jobs", {
      metadata: { name: "hello" },
      spec: { suspend: true, template },
    });
    await using replica = await Replica.start(namespace);
    const view = async (): Promise<ViewResource> => JSON.parse((await replica.api("/_api/views/hello")).body);
    equal((await view()).phase, "asleep");

    // … when a request comes, …
    const { status, body } = await replica.check("hello");
    deepEqual([status, JSON.parse(body).reason], [503, "JobNameTaken"]);

    // … then the API and the page say why it has not started, …
    const { phase, cause } = await view();
    deepEqual([phase, cause?.reason], ["failed", "JobNameTaken"]);
    match((await replica.api("/")).body, /JobNameTaken/);

    // … each request tries again, and the view starts when it can.
    equal((await replica.check("hello")).status, 503);
    await namespace.call("DELETE", "apis/batch/v1/jobs/hello", { propagationPolicy: "Background" });
    await eventually("the view passes", async () => await replica.status("hello") === 200);
    equal((await view()).phase, "awake");
  },
);
