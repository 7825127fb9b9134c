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
  const events = new EventWrites({
    transport,
    namespace: "views",
    rate: { take: () => left-- > 0 },
    now: () => Date.UTC(2026, 0, 1),
  });
  const warn = (message = "ErrImagePull: no such image", once?: string) =>
    events.warn(about, { reason: "StartFailed", message, ...once !== undefined && { once } }, never);
  const warnOfJob = () => events.warn({ kind: "Job", ...about }, { reason: "PoolStopped", message: "" }, never);
  return { calls, warn, warnOfJob, body: () => JSON.parse(calls.at(-1)?.body ?? "") };
}

Deno.test("a warning is an Event of the view's Service", async () => {
  const { warn, calls, body } = start();
  deepEqual(await warn(), { kind: "written" });
  equal(calls[0]?.path.split("?")[0], "/api/v1/namespaces/views/events");
  const { involvedObject, type, reason, message, lastTimestamp } = body();
  deepEqual(involvedObject, { apiVersion: "v1", kind: "Service", namespace: "views", ...about });
  deepEqual([type, reason, message], ["Warning", "StartFailed", "ErrImagePull: no such image"]);
  equal(lastTimestamp, "2026-01-01T00:00:00Z");
});

Deno.test("a warning may be about the Job of a pool", async () => {
  const { warnOfJob, body } = start();
  await warnOfJob();
  deepEqual(body().involvedObject, { apiVersion: "batch/v1", kind: "Job", namespace: "views", ...about });
});

Deno.test("a message is cut to the length that Kubernetes accepts", async () => {
  const { warn, body } = start();
  await warn("é".repeat(5_000));
  ok(body().message.length <= 501);
});

Deno.test("warnings above the rate limit are dropped", async () => {
  const { warn, calls } = start();
  await warn();
  await warn();
  deepEqual(await warn(), { kind: "dropped" });
  equal(calls.length, 2);
});

Deno.test("a warning that every gateway sees has one name, so that Kubernetes keeps one Event", async () => {
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
  deepEqual(await again("held", "job-1"), { kind: "written" });
  const { warn: other, body: said } = start();
  await other("held", "job-2");
  notEqual(said().metadata.name, first);
});

Deno.test("a refusal is returned and not thrown", async () => {
  const fail = (kind: "Forbidden" | "Unreachable") =>
    start(() => {
      throw new KubernetesError(kind, "no");
    }).warn();
  equal((await fail("Forbidden")).kind, "refused");
  equal((await fail("Unreachable")).kind, "unavailable");
});
