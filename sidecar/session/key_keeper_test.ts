import { deepEqual, equal, match, notEqual, ok, throws } from "node:assert/strict";
import type { Identity } from "../access/identity.ts";
import { SessionKeysError } from "../access/sessions.ts";
import { cookieOf, type SessionReplica, SessionWorld } from "./testing/session_world.ts";

const ADA: Identity = { user: "oidc:ada", groups: [] };
const HOUR = 3_600_000;

async function signedIn({ sessions }: SessionReplica): Promise<string> {
  return cookieOf(await sessions.baseCookie(sessions.begun({ identity: ADA, by: "oidc" })));
}

Deno.test("of two gateways that start at once, one makes the keys, and both use them", async () => {
  await using world = new SessionWorld();
  const [a, b] = await Promise.all([world.replica(), world.replica()]);
  equal(world.secret.writes.length, 1);
  ok(await a.sessions.base(await signedIn(b)));
  ok(await b.sessions.base(await signedIn(a)));
  deepEqual([...a.problems, ...b.problems], []);
});

Deno.test("over ten weeks of rotation no cookie is refused that should hold, and none is accepted after", async () => {
  await using world = new SessionWorld();
  // Their clocks disagree.
  const replicas = [await world.replica(), await world.replica(45_000), await world.replica(-45_000)];
  const cookies: { readonly cookie: string; readonly madeAt: number }[] = [];
  const kids = new Set<string>();
  for (let day = 0; day < 69; day += 0.25) {
    for (const { sessions } of replicas) {
      JSON.parse(sessions.jwks()!).keys.forEach(({ kid }: { kid: string }) => kids.add(kid));
    }
    for (const replica of replicas) cookies.push({ cookie: await signedIn(replica), madeAt: world.now });
    await world.pass(6 * HOUR);
    for (const { cookie, madeAt } of cookies) {
      const age = world.now - madeAt;
      // At the very end clocks may disagree.
      if (Math.abs(age - 12 * HOUR) < 120_000) continue;
      for (const { sessions } of replicas) {
        equal(await sessions.base(cookie) !== undefined, age < 12 * HOUR, `${age / HOUR} h`);
      }
    }
    while (cookies[0] && world.now - cookies[0].madeAt > 24 * HOUR) cookies.shift();
  }
  equal(kids.size, 5);
  // Each rotation is one write that adds a key, and one that drops the old one.
  equal(world.secret.writes.length, 1 + 4 + 4);
  equal(replicas.flatMap(({ problems }) => problems).length, 0);
});

Deno.test("a new key is published an hour before anything is signed with it", async () => {
  await using world = new SessionWorld();
  const replica = await world.replica();
  const signers = () => JSON.parse(replica.sessions.jwks()!).keys.map(({ kid }: { kid: string }) => kid);
  const kidOf = async () => {
    const cookie = await replica.sessions.viewCookie(replica.sessions.begun({ identity: ADA, by: "oidc" }), "sales");
    return JSON.parse(atob(cookieOf(cookie).slice("__Host-view=".length).split(".")[0]!)).kid;
  };
  const [first] = signers();
  let told = 0;
  replica.sessions.onKeys(() => told++);
  await world.passDays(14);
  equal(told, 1);
  const [second, old] = signers();
  equal(old, first);
  await world.pass(HOUR - 1_000);
  equal(await kidOf(), first);
  await world.pass(1_000);
  equal(await kidOf(), second);
  await world.passDays(9);
  deepEqual(signers(), [second]);
});

Deno.test("a Secret that somebody deletes is made again with the same keys and sign-outs, and no session ends", async () => {
  await using world = new SessionWorld();
  const [a, b] = [await world.replica(), await world.replica()];
  const cookie = await signedIn(a);
  await a.keys.signOut("oidc:bob", 0);
  await world.settle();
  const before = world.secret.present!.data;
  world.secret.put(undefined);
  await world.settle();
  deepEqual(world.secret.present!.data, before);
  for (const { sessions, problems } of [a, b, await world.replica()]) {
    ok(await sessions.base(cookie));
    deepEqual(problems, []);
  }
});

Deno.test("a Secret that is deleted and made again without keys gets those that gateways know", async () => {
  await using world = new SessionWorld();
  const [a, b] = [await world.replica(), await world.replica()];
  const cookie = await signedIn(a);
  world.secret.isPrompt = false;
  world.secret.put(undefined);
  world.secret.put({ note: "mine" });
  world.secret.isPrompt = true;
  world.secret.deliver();
  await world.settle();
  equal(world.secret.present!.data.note, "mine");
  for (const { sessions } of [a, b, await world.replica()]) ok(await sessions.base(cookie));
});

Deno.test("a Secret without keys gets new ones, which end all sessions", async () => {
  await using world = new SessionWorld();
  const [a, b] = [await world.replica(), await world.replica()];
  const cookie = await signedIn(a);
  world.secret.put({});
  await world.settle();
  for (const { sessions } of [a, b]) equal(await sessions.base(cookie), undefined);
  ok(await b.sessions.base(await signedIn(a)));
});

Deno.test("a broken Secret is left alone: sessions go on, and the cause is logged once, without a key", async () => {
  await using world = new SessionWorld();
  const replica = await world.replica();
  const cookie = await signedIn(replica);
  const good = world.secret.present!.data;
  const [key] = JSON.parse(good.keys!);
  const { y: _, ...incomplete } = key.view;
  const broken = [
    "no JSON",
    "[]",
    JSON.stringify([{ ...key, root: "short" }]),
    JSON.stringify([{ ...key, view: incomplete }]),
    JSON.stringify([{ ...key, view: { ...key.view, d: "A".repeat(43) } }]),
    JSON.stringify([key, key]),
  ];
  for (const keys of broken) {
    world.secret.put({ ...good, keys });
    await world.pass(60_000);
    equal(world.secret.present!.data.keys, keys);
    ok(await replica.sessions.base(cookie));
    const problem = replica.keys.problem!;
    match(problem, /^Secret view-gateway-keys cannot be used: .*\. The gateway goes on with the keys that it knows/);
    ok(!problem.includes(key.root) && !problem.includes(key.view.d));
  }
  world.secret.put({ ...good, "signed-out": '{"everybody":"soon"}' });
  await world.settle();
  match(replica.keys.problem!, /signed-out/);
  equal((await replica.keys.signOut("oidc:ada", 0)).kind, "unavailable");
  world.secret.put(good);
  await world.settle();
  equal(replica.keys.problem, undefined);
});

Deno.test("a gateway that starts with a broken Secret signs nobody in, and says why", async () => {
  await using world = new SessionWorld();
  world.secret.put({ keys: "no JSON" });
  const { sessions, keys } = await world.replica();
  const why = /Secret view-gateway-keys cannot be used: its data has no list of keys in keys\. Nobody can sign in/;
  throws(() => keys.current(), (error) => error instanceof SessionKeysError && why.test(error.message));
  equal(sessions.jwks(), undefined);
});

Deno.test("gateways that write sign-outs at once lose none", async () => {
  await using world = new SessionWorld();
  const replicas = [await world.replica(), await world.replica(), await world.replica()];
  const users = Array.from({ length: 30 }, (_, i) => `oidc:${i}`);
  const writes = users.map((user, i) => replicas[i % 3]!.keys.signOut(user, 0));
  const waiting = Promise.all(writes);
  for (let i = 0; i < 60; i++) await world.pass(100);
  deepEqual(new Set((await waiting).map(({ kind }) => kind)), new Set(["written"]));
  equal(Object.keys(JSON.parse(world.secret.present!.data["signed-out"]!).subjects).length, 30);
});

Deno.test("a late watch does not undo a sign-out", async () => {
  await using world = new SessionWorld();
  const replica = await world.replica();
  const cookie = await signedIn(replica);
  const former = world.secret.present!;
  await replica.keys.signOut(ADA.user, 0);
  world.secret.put({ ...former.data });
  await world.settle();
  equal(await replica.sessions.base(cookie), undefined);
});

Deno.test("a rotation keeps the sign-outs", async () => {
  await using world = new SessionWorld();
  const replica = await world.replica();
  await world.pass(14 * 24 * HOUR - 60_000);
  const cookie = await signedIn(replica);
  await replica.keys.signOut(ADA.user, 0);
  const before = replica.sessions.jwks();
  await world.pass(120_000);
  notEqual(replica.sessions.jwks(), before);
  equal(await (await world.replica()).sessions.base(cookie), undefined);
});

Deno.test("a gateway that may not make the Secret says so, and makes it as soon as it may", async () => {
  await using world = new SessionWorld();
  world.secret.failure = { kind: "refused", cause: { reason: "Forbidden", message: "secrets is forbidden" } };
  const { keys, sessions, problems } = await world.replica();
  await world.pass(HOUR);
  deepEqual(problems, ["Secret view-gateway-keys cannot be made: secrets is forbidden"]);
  throws(() => keys.current(), /no session keys: Secret view-gateway-keys cannot be made: secrets is forbidden/);
  world.secret.failure = undefined;
  await world.pass(60_000);
  equal(keys.problem, undefined);
  ok(sessions.jwks());
});

Deno.test("a sign-out that Kubernetes refuses is reported, and can be tried again", async () => {
  await using world = new SessionWorld();
  const replica = await world.replica();
  const cookie = await signedIn(replica);
  const failures = [
    { kind: "refused", cause: { reason: "Forbidden", message: "secrets is forbidden" } },
    { kind: "unavailable", message: "The API server cannot be reached." },
  ] as const;
  for (const failure of failures) {
    world.secret.failure = failure;
    deepEqual(await replica.keys.signOut(ADA.user, 0), failure);
    ok(await replica.sessions.base(cookie));
  }
  world.secret.failure = undefined;
  deepEqual(await replica.keys.signOut(ADA.user, 0), { kind: "written" });
  equal(await replica.sessions.base(cookie), undefined);
});

Deno.test("keys go on while new ones cannot be written, and are renewed as soon as they can", async () => {
  await using world = new SessionWorld();
  const replica = await world.replica();
  world.secret.failure = { kind: "unavailable", message: "The API server cannot be reached." };
  await world.passDays(15);
  ok(await replica.sessions.base(await signedIn(replica)));
  deepEqual(replica.problems, [
    "New keys cannot be written into Secret view-gateway-keys: The API server cannot be reached.",
  ]);
  const before = replica.sessions.jwks();
  world.secret.failure = undefined;
  await world.pass(60_000);
  notEqual(replica.sessions.jwks(), before);
  equal(JSON.parse(replica.sessions.jwks()!).keys.length, 2);
});

Deno.test("what a later version has written beside the keys, and in them, does no harm and stays", async () => {
  await using world = new SessionWorld();
  const { sessions } = await world.replica();
  const cookie = await signedIn(await world.replica());
  const data = world.secret.present!.data;
  const keys = JSON.parse(data.keys!).map((key: object) => ({ ...key, newer: "member" }));
  world.secret.put({ ...data, keys: JSON.stringify(keys), newer: "entry" });
  ok(await sessions.base(cookie));

  await world.pass(15 * 24 * HOUR);

  const written = world.secret.present!.data;
  const [added, kept] = JSON.parse(written.keys!);
  deepEqual([added.newer, kept.newer, written.newer], [undefined, "member", "entry"]);
});
