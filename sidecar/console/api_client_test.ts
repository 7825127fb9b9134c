import { deepEqual, equal, match } from "node:assert/strict";
import { callApi } from "./api_client.ts";

const sent: { url: string; method: string | undefined; headers: Headers; body: unknown }[] = [];

/** A call, where the gateway answers so. */
async function answered<T>(
  answer: () => Response | Promise<Response>,
  ...call: Parameters<typeof callApi<T>>
): Promise<ReturnType<typeof callApi<T>>> {
  const real = globalThis.fetch;
  globalThis.fetch = (url, init) => {
    sent.push({ url: String(url), method: init?.method, headers: new Headers(init?.headers), body: init?.body });
    return Promise.resolve().then(answer);
  };
  try {
    return await callApi<T>(...call);
  } finally {
    globalThis.fetch = real;
  }
}

Deno.test("an answer is its value, with the view's version", async () => {
  const reply = await answered(
    () => Response.json({ name: "hello" }, { status: 201, headers: { etag: '"7"' } }),
    ...["POST", "/_api/views", { body: { name: "hello" } }] as const,
  );
  deepEqual(reply, { value: { name: "hello" }, status: 201, etag: '"7"' });
  const { method, headers, body } = sent.at(-1)!;
  deepEqual([method, headers.get("content-type"), body], ["POST", "application/json", '{"name":"hello"}']);
  await answered(() => Response.json({}), "PATCH", "/_api/views/hello", { body: {}, headers: { "if-match": '"7"' } });
  equal(sent.at(-1)!.headers.get("content-type"), "application/merge-patch+json");
  equal(sent.at(-1)!.headers.get("if-match"), '"7"');
  deepEqual(await answered(() => new Response(null, { status: 204 }), "DELETE", "/_api/views/hello"), {
    ...{ value: undefined, status: 204 },
  });
});

Deno.test("what the API refuses is its problem; what something else answers is one too", async () => {
  const problem = { type: "urn:view-gateway:forbidden", title: "Forbidden", status: 403, detail: "You may not." };
  deepEqual(await answered(() => Response.json(problem, { status: 403 }), "GET", "/_api/views"), { problem });
  for (const text of ["<html>", "null", "[]", ""]) {
    const reply = await answered(() => new Response(text, { status: 502 }), "GET", "/_api/views");
    equal("problem" in reply && reply.problem.status, 502);
  }
});

Deno.test("a gateway that cannot be reached, or answers too late, is a problem and no exception", async () => {
  const away = await answered(() => Promise.reject(new TypeError("refused")), "GET", "/_api/views");
  match("problem" in away ? away.problem.detail : "", /cannot be reached/);
  const late = await answered(() => Promise.reject(new DOMException("", "TimeoutError")), "GET", "/_api/views", {
    seconds: 5,
  });
  match("problem" in late ? late.problem.detail : "", /has not answered within 5 s/);
  const odd = await answered(() => new Response("{", { status: 200 }), "GET", "/_api/views");
  equal("problem" in odd, true);
});
