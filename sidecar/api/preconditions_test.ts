import { deepEqual, equal } from "node:assert/strict";
import { problemIn, startApi, viewNamed } from "./testing/views_api.ts";

const hello = { ...viewNamed("hello"), resourceVersion: "1" };

Deno.test("every answer with one view has its ETag, and a list has none", async () => {
  const awake = { ...viewNamed("awake", { kind: "awake", job: "job-1", serving: [] }), resourceVersion: "7" };
  const api = startApi(hello, awake);
  const etag = async (method: string, path: string) => {
    const { status, headers } = await api.ask(method, path);
    return [status, headers.get("etag")];
  };
  deepEqual(await etag("GET", "/_api/views/hello"), [200, '"1"']);
  deepEqual(await etag("POST", "/_api/views/awake/wake"), [200, '"7"']);
  deepEqual(await etag("POST", "/_api/views/hello/wake"), [202, '"1"']);
  deepEqual(await etag("POST", "/_api/views/awake/restart"), [202, '"7"']);
  deepEqual(await etag("POST", "/_api/views/awake/sleep"), [200, '"7"']);
  deepEqual(await etag("GET", "/_api/views"), [200, null]);
  equal((await api.post({ name: "new", subsets: [] })).headers.get("etag"), '"1"');
});

Deno.test("GET with If-None-Match never hides a phase that has changed: it has the view, and no 304", async () => {
  const api = startApi(hello);
  for (const tag of ['"1"', 'W/"1"', "*"]) {
    const answer = await api.ask("GET", "/_api/views/hello", { headers: { "if-none-match": tag } });
    deepEqual([answer.status, answer.body.phase], [200, "asleep"]);
    api.put("hello", { ...hello, phase: { kind: "starting", job: "job-1", step: "no pod" } });
    const next = await api.ask("GET", "/_api/views/hello", { headers: { "if-none-match": tag } });
    deepEqual([next.status, next.body.phase, next.headers.get("etag")], [200, "starting", '"1"']);
    api.put("hello", hello);
  }
});

Deno.test("GET, PATCH and DELETE with If-Match are of that version alone", async () => {
  const api = startApi(hello);
  const headers = { "if-match": '"0"' };
  problemIn(await api.ask("GET", "/_api/views/hello", { headers }), 412, "changed-meanwhile");
  problemIn(await api.patch("hello", { idleSeconds: 90 }, headers), 412, "changed-meanwhile");
  problemIn(await api.ask("DELETE", "/_api/views/hello", { headers }), 412, "changed-meanwhile");
  problemIn(
    await api.ask("DELETE", "/_api/views/hello", { headers: { "if-none-match": "*" } }),
    412,
    "changed-meanwhile",
  );
  deepEqual(api.written, []);
  // What does not exist is unknown, whatever the header says.
  problemIn(await api.ask("DELETE", "/_api/views/nope", { headers }), 404, "unknown-view");
  // Somebody changes the view between the look and the deletion.
  api.setDeleted({ kind: "gone" });
  const seen = { "if-match": '"1"' };
  const lost = api.ask("DELETE", "/_api/views/hello", { headers: seen });
  api.put("hello", { ...hello, resourceVersion: "2" });
  problemIn(await lost, 412, "changed-meanwhile");
  api.setDeleted({ kind: "deleted" });
  equal((await api.ask("DELETE", "/_api/views/hello", { headers: { "if-match": '"2"' } })).status, 204);
});
