import { deepEqual, equal, match, notEqual, ok } from "node:assert/strict";
import { EventWrites } from "./event_writes.ts";
import { KubernetesError } from "../kubernetes_error.ts";
import type { ApiRequest, Transport } from "../transport.ts";

const never = new AbortController().signal;
const about = { name: "hello", uid: "service-1" };

function start(answer: () => unknown = () => ({ metadata: {} })) {
  const calls: ApiRequest[] = [];
  const transport = {
    call: (call: ApiRequest) => {
      calls.push(call);
      return Promise.resolve().then(() => ({ status: 201, headers: new Headers(), text: JSON.stringify(answer()) }));
    },
  } as unknown as Transport;
  let left = 2;
  const events = new EventWrites(transport, "views", { take: () => left-- > 0 });
  const warn = (message = "ErrImagePull: no such image", once?: string) =>
    events.warn(about, { reason: "StartFailed", message, ...once !== undefined && { once } }, never);
  return { calls, warn, body: () => JSON.parse(calls.at(-1)?.body ?? "") };
}

Deno.test("a warning is an Event of the view's Service", async () => {
  const { warn, calls, body } = start();
  deepEqual(await warn(), { kind: "told" });
  equal(calls[0]?.path.split("?")[0], "/api/v1/namespaces/views/events");
  const { involvedObject, type, reason, message } = body();
  deepEqual(involvedObject, { apiVersion: "v1", kind: "Service", namespace: "views", ...about });
  deepEqual([type, reason, message], ["Warning", "StartFailed", "ErrImagePull: no such image"]);
});

Deno.test("its message is cut to what Kubernetes takes", async () => {
  const { warn, body } = start();
  await warn("é".repeat(5_000));
  ok(body().message.length <= 501);
});

Deno.test("more than the rate allows are dropped", async () => {
  const { warn, calls } = start();
  await warn();
  await warn();
  deepEqual(await warn(), { kind: "dropped" });
  equal(calls.length, 2);
});

Deno.test("what each gateway sees has one name, so that Kubernetes takes it from the first alone", async () => {
  const { warn, body } = start();
  const name = async (once?: string) => {
    await warn("held", once);
    return body().metadata.name;
  };
  const first = await name("job-1");
  match(first, /^hello\.[0-9a-f]{16}$/);
  equal(await name("job-1"), first);
  const { warn: again } = start(() => {
    throw new KubernetesError("AlreadyExists", "it exists");
  });
  deepEqual(await again("held", "job-1"), { kind: "told" });
  const { warn: other, body: said } = start();
  await other("held", "job-2");
  notEqual(said().metadata.name, first);
});

Deno.test("what Kubernetes refuses, or cannot do now, is told to the caller and not thrown", async () => {
  const fail = (kind: "Forbidden" | "Unreachable") =>
    start(() => {
      throw new KubernetesError(kind, "no");
    }).warn();
  equal((await fail("Forbidden")).kind, "refused");
  equal((await fail("Unreachable")).kind, "unavailable");
});
