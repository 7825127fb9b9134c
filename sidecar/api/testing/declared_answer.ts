import { deepEqual, fail } from "node:assert/strict";
import { schemas, validate } from "@view-gateway/types";
import type { ApiRoute, SchemaName } from "../api_route.ts";
import { API_ROUTES } from "../api_routes.ts";
import { problemsOf } from "../description/route_problems.ts";

interface GivenAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** Fails where the API answers otherwise than the row of its route declares. */
export function isDeclared(
  method: string,
  path: string,
  answer: GivenAnswer,
  routes: readonly ApiRoute[] = API_ROUTES,
): void {
  const { pathname } = new URL(path, "http://localhost");
  const there = routes.filter(({ path }) => new URLPattern({ pathname: path }).test({ pathname }));
  const asked = method === "HEAD" ? "GET" : method;
  const route = there.find(({ method }) => method === asked);
  if (route === undefined) {
    // Before it looks at the path, the API looks at who asks.
    if (pathname.startsWith("/_api/") && ![401, 403, 503, there.length > 0 ? 405 : 404].includes(answer.status)) {
      fail(`${method} ${pathname} has no row, and the answer is ${answer.status}`);
    }
    return;
  }
  if (answer.status >= 400) isDeclaredProblem(route, answer);
  else isDeclaredSuccess(route, answer, method === "HEAD");
}

function isDeclaredProblem(route: ApiRoute, { status, headers, text }: GivenAnswer): void {
  const body = JSON.parse(text);
  const kind = String(body.type).replace("urn:view-gateway:", "");
  const declared = problemsOf(route).find((known) => known.kind === kind && known.status === status);
  if (declared === undefined) fail(`the row of ${route.method} ${route.path} does not declare ${status} ${kind}`);
  const missing = declared.headers?.filter((name) => !headers.has(name)) ?? [];
  deepEqual(missing, [], `headers of ${status} ${kind}`);
  if (headers.has("retry-after") && !declared.mayRetry && !declared.headers?.includes("Retry-After")) {
    fail(`${kind} is not declared to have Retry-After`);
  }
  deepEqual(validate("Problem", structuredClone(body)), { value: body });
}

function isDeclaredSuccess(route: ApiRoute, { status, headers, text }: GivenAnswer, isHead: boolean): void {
  const declared = route.answers[status];
  if (declared === undefined) fail(`the row of ${route.method} ${route.path} does not declare ${status}`);
  deepEqual(declared.headers?.filter((name) => !headers.has(name)) ?? [], [], `headers of ${status}`);
  if (headers.has("etag") && !declared.headers?.includes("ETag")) fail(`${status} is not declared to have an ETag`);
  if (isHead) return;
  const { schema, events } = declared;
  if (headers.get("content-type")?.startsWith("text/event-stream")) {
    if (events === undefined) fail(`${status} of ${route.path} is not declared to be a stream`);
  } else if (schema === undefined) deepEqual(text, "");
  else if (Object.hasOwn(schemas.definitions, schema)) {
    const body = JSON.parse(text);
    deepEqual(validate(schema as SchemaName, structuredClone(body)), { value: body });
  }
}
