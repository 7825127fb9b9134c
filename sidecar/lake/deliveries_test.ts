import { deepEqual, equal } from "node:assert/strict";
import type { PatchedPod } from "../view/write_outcomes.ts";
import type { ViewPhase, ViewPod, ViewState } from "../view/state.ts";
import { Deliveries } from "./deliveries.ts";
import { SessionCredentials } from "./session_credentials.ts";

const createdAt = "2026-01-01T00:00:00.000Z";
const start = Date.parse(createdAt);
const KEYS = { accessKeyId: "id", secretAccessKey: "secret", sessionToken: "token" };
const made = (minute: number) => new SessionCredentials(KEYS, start + minute * 60_000, start + (minute + 60) * 60_000);
const ends = (minute: number) => new Date(start + minute * 60_000).toISOString();
const cold: ViewPod = { name: "hello-x", uid: "pod-1", createdAt };
const assignment = {
  ...{ pod: "pod-1", podName: "hello-x", pool: "warm", path: "/_gate/assign" },
  ...{ address: "10.0.0.1", port: 8080 },
};
const claimed: ViewPod = { ...cold, claimed: true, assignment, credentialsEnd: ends(60) };
const awake: ViewPhase = { kind: "awake", job: "job-1", serving: [] };
const stateOf = (pod: ViewPod | undefined, uid = "service-1", phase: ViewPhase = awake) =>
  ({ name: "hello", uid, phase, ...pod && { pod } }) as ViewState;

/** Deliveries to one view; a pause ends when the test says so. */
function started(pod: ViewPod) {
  const said: string[] = [];
  const pauses: (() => void)[] = [];
  const answers: { assign: (string | Promise<undefined>)[]; annotate: PatchedPod[] } = { assign: [], annotate: [] };
  let state: ViewState | undefined = stateOf(pod);
  const deliveries = new Deliveries({
    view: () => state,
    assign: (_view, { endAt }) => {
      said.push(`POST until ${new Date(endAt).toISOString()}`);
      return Promise.resolve(answers.assign.shift());
    },
    annotate: ({ uid }, { credentialsEnd }) => {
      said.push(`${uid} has those until ${credentialsEnd}`);
      return Promise.resolve(answers.annotate.shift() ?? { kind: "patched" });
    },
    onDelivered: (view) => said.push(`${view}: delivered`),
    onFailure: (view, message) => said.push(`${view}: ${message}`),
    onFault: (_view, error) => {
      throw error;
    },
    pause: (_milliseconds, signal) =>
      new Promise((resolve, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason), { once: true });
        pauses.push(resolve);
      }),
    random: () => 0,
  });
  const settle = async () => {
    for (let i = 0; i < 50; i++) await Promise.resolve();
  };
  return {
    ...{ said, answers, deliveries, settle },
    put: async (next: ViewState | undefined) => {
      state = next;
      deliveries.update("hello", next);
      await settle();
    },
    present: async (credentials: SessionCredentials, uid = "service-1") => {
      deliveries.present({ name: "hello", uid }, credentials);
      await settle();
    },
    next: async () => {
      for (const end of pauses.splice(0)) end();
      await settle();
    },
  };
}

Deno.test("a claimed pod gets renewed credentials by a POST, and then the note of it; once", async () => {
  const { present, said, put } = started(claimed);
  await present(made(0));
  deepEqual(said, []);
  await present(made(30));
  const delivered = [`POST until ${ends(90)}`, `pod-1 has those until ${ends(90)}`, "hello: delivered"];
  deepEqual(said, delivered);
  // The snapshot shows it late.
  await put(stateOf(claimed));
  await present(made(30));
  await put(stateOf({ ...claimed, credentialsEnd: ends(90) }));
  deepEqual(said, delivered);
});

Deno.test("the next credentials, and the view's next pod, are delivered too, however late the snapshot is", async () => {
  const { present, said, put } = started(claimed);
  await present(made(30));
  said.splice(0);
  await present(made(60));
  deepEqual(said.splice(0), [`POST until ${ends(120)}`, `pod-1 has those until ${ends(120)}`, "hello: delivered"]);
  await put(stateOf({ ...claimed, uid: "pod-2" }));
  deepEqual(said, [`POST until ${ends(120)}`, `pod-2 has those until ${ends(120)}`, "hello: delivered"]);
});

Deno.test("a view that is replaced while its pod gets credentials gets its own, and no note of the former ones", async () => {
  const { present, said, put, answers, settle } = started(claimed);
  const answer = Promise.withResolvers<undefined>();
  answers.assign.push(answer.promise);
  await present(made(30));
  await put(stateOf({ ...claimed, uid: "pod-2" }, "service-2"));
  await present(made(60), "service-2");
  answer.resolve(undefined);
  await settle();
  deepEqual(said, [
    `POST until ${ends(90)}`,
    `POST until ${ends(120)}`,
    `pod-2 has those until ${ends(120)}`,
    "hello: delivered",
  ]);
});

Deno.test("a cold pod gets the note alone, by which its kubelet reads the Secret", async () => {
  const { present, said } = started(cold);
  await present(made(-1));
  await present(made(30));
  deepEqual(said, [`pod-1 has those until ${ends(90)}`, "hello: delivered"]);
});

Deno.test("a delivery that another gateway has made is not made again", async () => {
  const { present, said, put } = started(claimed);
  await put(stateOf({ ...claimed, credentialsEnd: ends(90) }));
  await present(made(30));
  await present(made(0));
  deepEqual(said, []);
});

Deno.test("a gateway that has just started finishes what another one has left", async () => {
  const { present, said, put } = started(claimed);
  await put(stateOf(claimed));
  deepEqual(said, [], "it does not know the credentials yet");
  await present(made(30));
  equal(said.at(-1), "hello: delivered");
});

Deno.test("a delivery that fails is tried again, and tells why", async () => {
  const { present, said, next, answers, deliveries } = started(claimed);
  answers.assign.push("pod hello-x answered 500");
  answers.annotate.push({ kind: "unavailable", message: "Kubernetes is away" });
  await present(made(30));
  deepEqual(said.splice(0), [`POST until ${ends(90)}`, "hello: pod hello-x answered 500"]);
  await next();
  deepEqual(said.splice(0), [
    `POST until ${ends(90)}`,
    `pod-1 has those until ${ends(90)}`,
    "hello: Kubernetes is away",
  ]);
  await next();
  equal(said.at(-1), "hello: delivered");
  equal(deliveries.size, 0);
});

Deno.test("newer credentials take the place of those whose delivery fails", async () => {
  const { present, said, next, answers } = started(claimed);
  answers.assign.push("it answered 500");
  await present(made(30));
  await present(made(60));
  await next();
  deepEqual(said.filter((line) => line.startsWith("POST")), [`POST until ${ends(90)}`, `POST until ${ends(120)}`]);
});

Deno.test("a pod that has got its credentials with its assignment gets them no second time", async () => {
  const { present, said, deliveries } = started({ ...cold, claimed: true, assignment });
  deliveries.given("hello", "pod-1", made(0).endAt);
  await present(made(0));
  deepEqual(said, []);
});

Deno.test("a view that sleeps, is gone, or was replaced gets no former credentials", async () => {
  for (
    const after of [
      undefined,
      stateOf(claimed, "service-2"),
      stateOf(undefined, "service-1", {
        kind: "asleep",
        ended: undefined,
      }),
    ]
  ) {
    const { present, said, next, answers, put, deliveries } = started(claimed);
    answers.assign.push("it answered 500");
    await present(made(30));
    equal(said.length, 2);
    await put(after);
    await next();
    equal(said.length, 2);
    equal(deliveries.size, 0);
    await deliveries.stop();
  }
});

Deno.test("a stop ends a delivery that waits for its next try", async () => {
  const { present, answers, deliveries } = started(claimed);
  answers.assign.push("it answered 500");
  await present(made(30));
  equal(deliveries.size, 1);
  await deliveries.stop();
  equal(deliveries.size, 0);
});
