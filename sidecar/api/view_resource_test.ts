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
const url = { scheme: "http", host: "localhost:8080" };

Deno.test("a resource shows only the public part of a view's state", () => {
  const resource = resourceOf(state, "localhost", url);
  deepEqual(Object.keys(resource).toSorted(), ["createdAt", "name", "phase", "route", "subsets", "template"]);
  deepEqual(validate("ViewResource", structuredClone(resource)), { value: resource });
});

Deno.test("a resource shows whether the start was warm or cold", () => {
  for (const start of ["warm", "cold"] as const) {
    const resource = resourceOf({ ...state, start }, "localhost", url);
    equal(resource.start, start);
    deepEqual(validate("ViewResource", structuredClone(resource)), { value: resource });
  }
});

Deno.test("a resource shows which members of the spec the pod does not have yet", () => {
  const resource = resourceOf({ ...state, restartNeeded: ["subsets"] }, "localhost", url);
  deepEqual(resource.restartNeeded, ["subsets"]);
  deepEqual(validate("ViewResource", structuredClone(resource)), { value: resource });
});

Deno.test("the resource of a new view is the one that later requests get", () => {
  deepEqual(
    newResource({ name: "hello", spec: state.spec!, owner: state.owner, createdAt: state.createdAt }, "localhost", url),
    resourceOf(state, "localhost", url),
  );
});

Deno.test("a view's URL has the request's scheme and port, and the view's hostname", () => {
  const routeAt = (scheme: string, host: string) => resourceOf(state, "views.example.com", { scheme, host }).route;
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
