import { deepEqual, equal } from "node:assert/strict";
import { validate } from "@view-gateway/types";
import type { ViewState } from "../view/state.ts";
import { newResource, resourceOf } from "./view_resource.ts";

const state: ViewState = {
  name: "hello",
  uid: "service-1",
  resourceVersion: "1",
  createdAt: "2026-01-01T00:00:00Z",
  owner: undefined,
  spec: { subsets: [{ bucket: "lake", prefix: "sales/" }], template: "duckdb" },
  phase: { kind: "asleep", ended: "job-1" },
  draining: [{ address: "10.0.0.1", port: 8080 }],
  served: "job-1",
};
const bounds = { idleSeconds: 900, minIdleSeconds: 30, maxIdleSeconds: 7_200, maxLifetimeSeconds: 86_400 };
const history = { lastStart: () => undefined, lastRequestAt: () => undefined };
const settings = { baseHost: "localhost", bounds, history };
const url = { scheme: "http", host: "localhost:8080" };

Deno.test("a resource shows only the public part of a view's state", () => {
  const resource = resourceOf(state, settings, url);
  deepEqual(Object.keys(resource).toSorted(), [
    ...["createdAt", "effective", "name", "phase", "route", "subsets", "template"],
  ]);
  deepEqual(validate("ViewResource", structuredClone(resource)), { value: resource });
});

Deno.test("a resource shows whether the start was warm or cold", () => {
  for (const start of ["warm", "cold"] as const) {
    const resource = resourceOf({ ...state, start }, settings, url);
    equal(resource.start, start);
    deepEqual(validate("ViewResource", structuredClone(resource)), { value: resource });
  }
});

Deno.test("a resource shows which members of the spec the pod does not have yet", () => {
  const resource = resourceOf({ ...state, restartNeeded: ["subsets"] }, settings, url);
  deepEqual(resource.restartNeeded, ["subsets"]);
  deepEqual(validate("ViewResource", structuredClone(resource)), { value: resource });
});

Deno.test("a resource shows the times in force beside those of the spec", () => {
  const timesOf = (spec: object) => {
    const resource = resourceOf({ ...state, spec: { subsets: [], ...spec } }, settings, url);
    deepEqual(validate("ViewResource", structuredClone(resource)), { value: resource });
    const { idleSeconds, maxLifetimeSeconds, effective } = resource;
    return [idleSeconds, maxLifetimeSeconds, effective?.idleSeconds, effective?.maxLifetimeSeconds];
  };
  deepEqual(timesOf({}), [undefined, undefined, 900, 86_400]);
  deepEqual(timesOf({ idleSeconds: 60 }), [60, undefined, 60, 86_400]);
  deepEqual(timesOf({ maxLifetimeSeconds: 600 }), [undefined, 600, 600, 600]);
  equal(resourceOf({ ...state, spec: undefined }, settings, url).effective, undefined);
});

Deno.test("a resource shows when a view that runs falls asleep without traffic, once Kubernetes knows", () => {
  const lease = { startedAt: Date.parse("2026-01-01T00:00:00Z"), activeDeadlineSeconds: 90 };
  const sleepsAt = (phase: ViewState["phase"]) => {
    const resource = resourceOf({ ...state, phase }, settings, url);
    deepEqual(validate("ViewResource", structuredClone(resource)), { value: resource });
    return resource.sleepsAt;
  };
  equal(sleepsAt({ kind: "awake", job: "job-1", serving: [], lease }), "2026-01-01T00:01:30.000Z");
  equal(sleepsAt({ kind: "starting", job: "job-1", step: "scheduling", lease }), "2026-01-01T00:01:30.000Z");
  equal(sleepsAt({ kind: "starting", job: "job-1", step: "no pod" }), undefined);
  equal(sleepsAt({ kind: "asleep", ended: undefined }), undefined);
});

Deno.test("the resource of a new view is the one that later requests get", () => {
  deepEqual(
    newResource({ name: "hello", spec: state.spec!, owner: state.owner, createdAt: state.createdAt }, settings, url),
    resourceOf(state, settings, url),
  );
});

Deno.test("a view's URL has the request's scheme and port, and the view's hostname", () => {
  const routeAt = (scheme: string, host: string) =>
    resourceOf(state, { ...settings, baseHost: "views.example.com" }, { scheme, host }).route;
  deepEqual(routeAt("https", "views.example.com"), {
    hostname: "hello.views.example.com",
    url: "https://hello.views.example.com/",
  });
  equal(routeAt("http", "views.example.com:8080").url, "http://hello.views.example.com:8080/");
  equal(routeAt("http", "127.0.0.1:30080").url, "http://hello.views.example.com:30080/");
  equal(routeAt("http", "[::1]").url, "http://hello.views.example.com/");
  equal(routeAt("http", "[::1]:81").url, "http://hello.views.example.com:81/");
  equal(routeAt("http", "").url, "http://hello.views.example.com/");
});
