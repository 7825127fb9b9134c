import { deepEqual, doesNotThrow, throws } from "node:assert/strict";
import { API_ROUTES } from "./api_routes.ts";
import { isDeclared } from "./testing/declared_answer.ts";
import { createdAt } from "./testing/views_api.ts";

const view = {
  name: "hello",
  route: { hostname: "hello.localhost", url: "http://hello.localhost/" },
  phase: "asleep",
  createdAt,
};
const problem = (status: number, kind: string) => ({
  type: `urn:view-gateway:${kind}`,
  title: "T",
  status,
  detail: "d",
});

function given(method: string, path: string, status: number, body: unknown, headers: Record<string, string> = {}) {
  return () => isDeclared(method, path, { status, headers: new Headers(headers), text: JSON.stringify(body) });
}

Deno.test("an answer that its row does not declare fails the test that gets it", () => {
  const path = "/_api/views/hello";
  doesNotThrow(given("GET", path, 200, view, { etag: '"1"' }));
  throws(given("GET", path, 200, view), /headers of 200/);
  throws(given("GET", path, 201, view, { etag: '"1"' }), /does not declare 201/);
  throws(given("GET", path, 200, { ...view, color: "red" }, { etag: '"1"' }), /is not known/);
  throws(given("DELETE", path, 200, view), /does not declare 200/);
  throws(given("PUT", "/_api/none", 200, {}), /has no row/);
});

Deno.test("a problem that its row does not declare fails the test that gets it", () => {
  const path = "/_api/views/hello";
  doesNotThrow(given("GET", path, 404, problem(404, "unknown-view")));
  throws(given("GET", path, 409, problem(409, "exists")), /does not declare 409 exists/);
  throws(given("GET", path, 409, problem(409, "unknown-view")), /does not declare 409 unknown-view/);
  throws(given("GET", path, 401, problem(401, "sign-in")), /headers of 401/);
  throws(
    given("GET", path, 404, problem(404, "unknown-view"), { "retry-after": "1" }),
    /not declared to have Retry-After/,
  );
});

Deno.test("each operation has a name of its own", () => {
  const names = API_ROUTES.map(({ operationId }) => operationId);
  deepEqual([...new Set(names)], names);
});
