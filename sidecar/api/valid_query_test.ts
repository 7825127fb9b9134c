import { deepEqual } from "node:assert/strict";
import { problemIn, startApi, viewNamed } from "./testing/views_api.ts";

Deno.test("a query parameter that a path does not have is refused, and the closest one is suggested", async () => {
  const api = startApi(viewNamed("hello"));
  const answer = await api.ask("GET", "/_api/views?limt=5&pahse=awake&__proto__=1&Q=x&after=a");
  const { detail, parameters } = problemIn(answer, 400, "invalid-query");
  deepEqual(parameters, [
    { name: "limt", detail: "is not known: did you mean limit?" },
    { name: "pahse", detail: "is not known: did you mean phase?" },
    { name: "__proto__", detail: "is not known: there are limit, after, phase, owner, q, watch" },
    { name: "Q", detail: "is not known: did you mean q?" },
  ]);
  deepEqual(detail, parameters.map(({ name, detail }: Record<string, string>) => `${name} ${detail}`).join("; "));
});

Deno.test("a query parameter is there once and has a valid value, and all mistakes are told", async () => {
  const api = startApi(viewNamed("hello"));
  const answer = await api.ask("GET", "/_api/views?limit=0&phase=awake&phase=asleep&after=a");
  deepEqual(problemIn(answer, 400, "invalid-query").parameters, [
    { name: "phase", detail: "must be there once" },
    { name: "limit", detail: "must be a whole number from 1 to 1000" },
  ]);
  const { detail } = problemIn(await api.ask("GET", "/_api/views?phase=sleeping"), 400, "invalid-query");
  deepEqual(detail, "phase must be one of asleep, starting, awake, failed.");
});

Deno.test("no route of the API takes a parameter that it does not know, and none does anything then", async () => {
  const api = startApi(viewNamed("hello"));
  const routes = [
    ...[["GET", "/_api/views"], ["POST", "/_api/views"], ["GET", "/_api/views/hello"], ["PATCH", "/_api/views/hello"]],
    ...[["DELETE", "/_api/views/hello"], ["POST", "/_api/views/hello/restart"], ["POST", "/_api/views/hello/wake"], [
      "POST",
      "/_api/views/hello/sleep",
    ], ["GET", "/_api/templates"]],
  ] as const;
  for (const [method, path] of routes) {
    const { parameters } = problemIn(await api.ask(method!, `${path}?dryRun=true`), 400, "invalid-query");
    deepEqual(parameters.map(({ name }: { name: string }) => name), ["dryRun"], `${method} ${path}`);
  }
  deepEqual(api.written, []);
});
