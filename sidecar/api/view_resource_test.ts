import { deepEqual, equal } from "node:assert/strict";
import { validate } from "@view-gateway/types";
import type { ViewState } from "../view/state.ts";
import { newResource, resourceOf } from "./view_resource.ts";

const state: ViewState = {
  name: "hello",
  uid: "service-1",
  createdAt: "2026-01-01T00:00:00Z",
  spec: { subsets: [{ bucket: "lake", prefix: "sales/" }], template: "duckdb" },
  phase: { kind: "asleep", ended: "job-1" },
  draining: [{ address: "10.0.0.1", port: 8080 }],
  served: "job-1",
};
const asked = { scheme: "http", host: "localhost:8080" };

Deno.test("of a view's state only what is everybody's is answered", () => {
  const resource = resourceOf(state, "localhost", asked);
  deepEqual(Object.keys(resource).toSorted(), ["createdAt", "name", "phase", "route", "subsets", "template"]);
  deepEqual(validate("ViewResource", structuredClone(resource)), { value: resource });
});

Deno.test("a view whose pod has a former spec says which members of it", () => {
  const resource = resourceOf({ ...state, restartNeeded: ["subsets"] }, "localhost", asked);
  deepEqual(resource.restartNeeded, ["subsets"]);
  deepEqual(validate("ViewResource", structuredClone(resource)), { value: resource });
});

Deno.test("a view that is created is answered as it will be when it is asked for", () => {
  deepEqual(
    newResource("hello", state.spec!, state.createdAt, "localhost", asked),
    resourceOf(state, "localhost", asked),
  );
});

Deno.test("a view's URL has the scheme and the port by which the API was asked, and the view's own hostname", () => {
  const url = (scheme: string, host: string) => resourceOf(state, "views.example.com", { scheme, host }).route;
  deepEqual(url("https", "views.example.com"), {
    hostname: "hello.views.example.com",
    url: "https://hello.views.example.com/",
  });
  equal(url("http", "views.example.com:8080").url, "http://hello.views.example.com:8080/");
  equal(url("http", "127.0.0.1:30080").url, "http://hello.views.example.com:30080/");
  equal(url("http", "[::1]").url, "http://hello.views.example.com/");
  equal(url("http", "[::1]:81").url, "http://hello.views.example.com:81/");
  equal(url("http", "").url, "http://hello.views.example.com/");
});
