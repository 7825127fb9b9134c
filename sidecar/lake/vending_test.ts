import { deepEqual, equal, match, notEqual, ok } from "node:assert/strict";
import { pause } from "../async/pause.ts";
import { AssumeRoleError } from "./assume_role.ts";
import { Renewals } from "./renewals.ts";
import { secretOf } from "./secret.ts";
import { lakeView, World } from "./testing/vending_world.ts";
import type { LakeView, Vending } from "./vending.ts";
import type { ViewState } from "../view/state.ts";

const keyOf = (vended: Awaited<ReturnType<Vending["ensure"]>>) =>
  vended.kind === "ready" ? vended.credentials.keys.accessKeyId : JSON.stringify(vended);

Deno.test("50 requests at once in each of five replicas are one AssumeRole", async () => {
  await using world = new World();
  const replicas = Array.from({ length: 5 }, () => world.replica());
  const vended = await Promise.all(
    replicas.flatMap((replica) => Array.from({ length: 50 }, () => replica.ensure(lakeView))),
  );
  equal(world.calls, 1);
  deepEqual(new Set(vended.map(keyOf)), new Set(["AKIA1"]));
});

Deno.test("a Secret that is there is used, by a replica that has never seen it", async () => {
  await using world = new World();
  await world.replica().ensure(lakeView);
  equal(keyOf(await world.replica().ensure(lakeView)), "AKIA1");
  equal(world.calls, 1);
});

Deno.test("the Secret is the view's: named, labelled and owned, with variables and files", async () => {
  await using world = new World();
  await world.replica().ensure(lakeView);
  const { metadata, stringData } = world.secrets.writes.at(-1)!;
  equal(metadata?.name, "hello");
  equal(metadata?.labels?.["view.yolean.se/name"], "hello");
  deepEqual(metadata?.ownerReferences, [
    { apiVersion: "v1", kind: "Service", name: "hello", uid: "service-1", controller: true },
  ]);
  deepEqual(Object.keys(stringData!).sort(), [
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "config",
    "credentials",
    "credentials.json",
  ]);
  deepEqual(JSON.parse(stringData!["credentials.json"]!), {
    Version: 1,
    AccessKeyId: "AKIA1",
    SecretAccessKey: "hush-1",
    SessionToken: "token-1",
    Expiration: "2026-01-01T00:15:00.000Z",
  });
});

Deno.test("credentials that have expired are made again, once for all replicas", async () => {
  await using world = new World();
  const replicas = Array.from({ length: 3 }, () => world.replica());
  await replicas[0]!.ensure(lakeView);
  world.now += 900_000;
  deepEqual(
    new Set((await Promise.all(replicas.map((replica) => replica.ensure(lakeView)))).map(keyOf)),
    new Set(["AKIA2"]),
  );
  equal(world.calls, 2);
});

Deno.test("a renewal at half life is one AssumeRole, and requests meanwhile get the credentials that are still good", async () => {
  await using world = new World();
  const replicas = Array.from({ length: 3 }, () => world.replica());
  await replicas[0]!.ensure(lakeView);
  world.now += 450_000;
  const renewals = replicas.map((replica) => replica.renew(lakeView));
  equal(keyOf(await replicas[1]!.ensure(lakeView)), "AKIA1");
  deepEqual(new Set((await Promise.all(renewals)).map(keyOf)), new Set(["AKIA2"]));
  equal(world.calls, 2);
});

Deno.test("where STS denies, every waiter of every replica gets the cause, and STS is called once", async () => {
  await using world = new World();
  const cause = { reason: "AccessDenied", message: "no" };
  world.fail = () => new AssumeRoleError(cause);
  const replicas = Array.from({ length: 3 }, () => world.replica({ again: 1_000 }));
  const began = performance.now();
  const vended = await Promise.all(replicas.map((replica) => replica.ensure(lakeView)));
  ok(performance.now() - began < 1_000);
  for (const outcome of vended) deepEqual(outcome, { kind: "failed", cause });
  equal(world.calls, 1);
  // A crowd that comes right after does not ask STS again, and who comes later does.
  await Promise.all(replicas.map((replica) => replica.ensure(lakeView)));
  equal(world.calls, 1);
  world.fail = undefined;
  equal(keyOf(await world.replica().ensure(lakeView)), "AKIA2");
});

Deno.test("while a renewal fails the present credentials stay where pods read them", async () => {
  await using world = new World();
  const vending = world.replica();
  await vending.ensure(lakeView);
  world.now += 500_000;
  world.fail = () => new AssumeRoleError({ reason: "StsUnreachable", message: "no" });
  equal((await vending.renew(lakeView)).kind, "failed");
  equal(world.secrets.writes.at(-1)?.stringData?.AWS_ACCESS_KEY_ID, "AKIA1");
  equal(keyOf(await vending.ensure(lakeView)), "AKIA1");
});

Deno.test("a holder that died is given up after a while, by one replica", async () => {
  await using world = new World();
  const owner = { name: "hello", uid: "service-1", required: {} };
  await world.secrets.create(secretOf(owner, { claim: "dead" }, ""), world.stop.signal);
  const replicas = Array.from({ length: 3 }, () => world.replica({ takeover: 300 }));
  const began = performance.now();
  deepEqual(
    new Set((await Promise.all(replicas.map((replica) => replica.ensure(lakeView)))).map(keyOf)),
    new Set(["AKIA1"]),
  );
  ok(performance.now() - began >= 300);
  equal(world.calls, 1);
});

Deno.test("STS that hangs is an answer in bounded time, for those too who wait for another replica", async () => {
  await using world = new World();
  world.hang = true;
  const replicas = Array.from({ length: 2 }, () => world.replica({ assume: 200 }));
  for (const vended of await Promise.all(replicas.map((replica) => replica.ensure(lakeView)))) {
    deepEqual(vended.kind === "failed" && vended.cause.reason, "StsUnreachable");
  }
});

Deno.test("the Secret of a former view of the same name is replaced", async () => {
  await using world = new World();
  const vending = world.replica();
  await vending.ensure(lakeView);
  const before = world.secrets.held.get("hello")!.metadata.uid;
  const other: LakeView = { ...lakeView, uid: "service-2", spec: { subsets: [{ bucket: "lake", prefix: "hr/" }] } };
  equal(keyOf(await vending.ensure(other)), "AKIA2");
  notEqual(world.secrets.held.get("hello")!.metadata.uid, before);
  match(world.policies[1]!, /lake\/hr\//);
});

Deno.test("a Secret that is no view's is not touched", async () => {
  await using world = new World();
  const mine = secretOf({ name: "hello", uid: "x", required: {} }, {}, "");
  await world.secrets.create({ ...mine, metadata: { name: "hello" } }, world.stop.signal);
  const vended = await world.replica().ensure(lakeView);
  equal(vended.kind === "failed" && vended.cause.reason, "SecretNameTaken");
  equal(world.secrets.writes.length, 1);
});

Deno.test("subsets that change while credentials are made get credentials of their own", async () => {
  await using world = new World();
  const vending = world.replica();
  const changed: LakeView = { ...lakeView, spec: { subsets: [{ bucket: "lake", prefix: "hr/" }] } };
  const [first, second] = await Promise.all([vending.ensure(lakeView), vending.ensure(changed)]);
  notEqual(keyOf(first), keyOf(second));
  match(world.policies.join(), /lake\/hr\//);
});

Deno.test("credentials that STS makes in the same second end one after the other, so that a pod's annotation tells them apart", async () => {
  await using world = new World();
  const replica = world.replica();
  const ends: number[] = [];
  for (const prefix of ["sales/2024/", "sales/2025/", "sales/2026/"]) {
    const vended = await replica.ensure({ ...lakeView, spec: { subsets: [{ bucket: "lake", prefix }] } });
    ok(vended.kind === "ready");
    ends.push(vended.credentials.endAt - world.now - world.life);
  }
  deepEqual(ends, [0, 1, 2]);
});

Deno.test("credentials of other subsets are not the view's, though they are good", async () => {
  await using world = new World();
  const vending = world.replica();
  await vending.ensure(lakeView);
  const narrowed: LakeView = { ...lakeView, spec: { subsets: [{ bucket: "lake", prefix: "sales/2026/" }] } };
  equal(keyOf(await vending.credentials(narrowed)), "AKIA2");
});

Deno.test("a browser's requests need no look at the Secret, and renew it as they go", async () => {
  await using world = new World();
  const vending = world.replica();
  await vending.ensure(lakeView);
  world.secrets.get = () => Promise.reject(new Error("not to be asked"));
  equal(keyOf(await vending.credentials(lakeView)), "AKIA1");
  Reflect.deleteProperty(world.secrets, "get");
  world.now += 500_000;
  equal(keyOf(await vending.credentials(lakeView)), "AKIA1");
  await vending.idle();
  equal(keyOf(await vending.credentials(lakeView)), "AKIA2");
});

Deno.test("no more than eight AssumeRoles go on at a time", async () => {
  await using world = new World();
  let now = 0;
  let most = 0;
  const vending = world.replica({}, async (...args) => {
    most = Math.max(most, ++now);
    try {
      return await world.assumeRole(...args);
    } finally {
      now--;
    }
  });
  await Promise.all(
    Array.from({ length: 40 }, (_, i) => vending.ensure({ ...lakeView, name: `v-${i}`, uid: `s-${i}` })),
  );
  deepEqual([world.calls, most], [40, 8]);
});

Deno.test("when the sidecar stops, waiters get that as the cause", async () => {
  await using world = new World();
  world.hang = true;
  const waiting = world.replica().ensure(lakeView);
  await pause(50);
  world.stop.abort(new Error("The sidecar stops."));
  deepEqual(await waiting, { kind: "unavailable", message: "The sidecar stops." });
});

Deno.test("what is written down of credentials is when they end, never the keys", async () => {
  await using world = new World();
  const vended = await world.replica().ensure(lakeView);
  for (const text of [JSON.stringify(vended), Deno.inspect(vended, { depth: 9 }), String(vended)]) {
    ok(!/hush|token-|AKIA/.test(text), text);
  }
});

Deno.test("a view that runs keeps good credentials, through an outage of STS", async () => {
  await using world = new World();
  const failures: string[] = [];
  const renewals = new Renewals({
    vending: world.replica(),
    now: () => world.now,
    random: () => 0,
    pause,
    onFailure: (name, message) => failures.push(`${name} ${message}`),
    first: 0,
  });
  const state = { ...lakeView, phase: { kind: "awake", job: "job-1", serving: [] } } as unknown as ViewState;
  try {
    world.life = 3_000;
    renewals.update("hello", state);
    await until(() => world.calls === 1);
    world.now += 1_600;
    world.fail = () => new AssumeRoleError({ reason: "StsUnreachable", message: "no" });
    await until(() => failures.length > 0);
    equal(failures[0], "hello StsUnreachable: no");
    world.fail = undefined;
    const calls = world.calls;
    await until(() => world.told.at(-1) === "hello made" && world.calls > calls, 8_000);
    renewals.update("hello", { ...state, phase: { kind: "asleep", ended: undefined } } as ViewState);
    equal(renewals.size, 0);
  } finally {
    await renewals.stop();
  }
});

async function until(condition: () => boolean, milliseconds = 5_000): Promise<void> {
  const deadline = performance.now() + milliseconds;
  while (!condition()) {
    ok(performance.now() < deadline, "not in time");
    await pause(10);
  }
}
