import { deepEqual, equal, match } from "node:assert/strict";
import { systemTime } from "../async/time.ts";
import { eventually } from "../testing/eventually.ts";
import type { Grants } from "../view/grants.ts";
import { clusterTest } from "./testing/namespace.ts";
import { WatchedGrants } from "./watched_grants.ts";

const CONFIG_MAP = "who-has-what";
const until = (what: string, holds: () => boolean) => eventually(what, () => Promise.resolve(holds()));
const text = (bucket: string) => `grants: [{ everyone: true, subsets: [{ bucket: ${bucket} }] }]`;

clusterTest("grants are watched: they appear, change, break and vanish, and each is told once", async (namespace) => {
  const told: Grants["kind"][] = [];
  const watched = new WatchedGrants({
    ...{ transport: namespace.transport, prober: { onSilence: () => () => {} }, time: systemTime },
    ...{ namespace: namespace.name, configMap: CONFIG_MAP },
    onChange: ({ kind }) => told.push(kind),
    onProblem: () => {},
  });
  const causeOf = () => watched.current.kind === "unusable" ? watched.current.cause : "";
  match(causeOf(), /could not be read yet/);
  const stop = new AbortController();
  const running = watched.run(stop.signal);
  await until(
    "the missing ConfigMap is told",
    () => /There is no ConfigMap who-has-what of grants\.$/.test(causeOf()),
  );

  const path = `api/v1/configmaps/${CONFIG_MAP}`;
  const object = (data: object) => ({ metadata: { name: CONFIG_MAP }, data });
  await namespace.call("POST", "api/v1/configmaps", object({ "grants.yaml": text("lake") }));
  await until("the grants are read", () => watched.current.kind === "bounded");
  await namespace.call("PUT", path, object({ "grants.yaml": text("lake"), other: "x" }));
  await namespace.call("PUT", path, object({ "grants.yaml": text("Lake") }));
  await until("the mistake is told", () => /\/grants\/0\/subsets\/0\/bucket/.test(causeOf()));
  await namespace.call("PUT", path, object({ "grants.yaml": text("other") }));
  await until("the grants are mended", () => watched.current.kind === "bounded");
  await namespace.call("DELETE", path);
  await until("the ConfigMap is gone", () => /There is no ConfigMap/.test(causeOf()));
  deepEqual(told, ["unusable", "bounded", "unusable", "bounded", "unusable"]);
  stop.abort();
  await running;
});

clusterTest("without a configured ConfigMap nothing is watched and nothing is bounded", async (namespace) => {
  const watched = new WatchedGrants({
    ...{ transport: namespace.transport, prober: { onSilence: () => () => {} }, time: systemTime },
    ...{ namespace: namespace.name, configMap: "" },
    onChange: () => {},
    onProblem: () => {},
  });
  await watched.run(namespace.signal);
  equal(watched.current.kind, "unbounded");
});
