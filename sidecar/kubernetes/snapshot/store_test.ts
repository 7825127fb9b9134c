import { deepEqual, equal, notEqual, rejects } from "node:assert/strict";
import { systemTime } from "../../async/time.ts";
import type { ServiceObject } from "../../view/objects.ts";
import { regroup } from "./group.ts";
import { type Derive, Store } from "./store.ts";

interface State {
  readonly name: string;
  readonly spec: string;
}

const never = new AbortController().signal;
const derived: Derive<State> = ({ name, service }) => service && { name, spec: service.createdAt };
const object = (name: string, spec: string) => ({ name, uid: `uid-of-${name}`, createdAt: spec }) as ServiceObject;

/** A store of views whose state is their spec. */
function start(derive: Derive<State> = derived) {
  const problems: string[] = [];
  const store = new Store<State>({
    clock: systemTime.clock,
    derive,
    onProblem: (message, error) => problems.push(`${message}: ${(error as Error).message}`),
  });
  const held = new Map<string, ServiceObject>();
  const put = (name: string, spec: string | undefined) => {
    const before = held.get(name);
    const after = spec === undefined ? undefined : object(name, spec);
    if (after === undefined) held.delete(name);
    else held.set(name, after);
    store.change(name, regroup.services, before, after);
  };
  return { store, problems, put, settle: () => store.settle(never) };
}

/** As `start`, after the first sync. */
async function synced(derive?: Derive<State>) {
  const it = start(derive);
  await it.settle();
  return it;
}

const specOf = (spec: string) => (state: State | undefined) => state?.spec === spec;

Deno.test("the snapshot is empty until the first sync is complete", async () => {
  const { store, put, settle } = start();
  const changes: string[] = [];
  store.subscribe((name, after) => changes.push(`${name} ${after?.spec}`));
  put("b", "1");
  put("a", "1");
  put("a", "2");
  put("c", "1");
  put("c", undefined);
  deepEqual([store.synced, store.snapshot.size, changes], [false, 0, []]);

  await settle();
  equal(store.synced, true);
  deepEqual(store.page("", 10), [{ name: "a", spec: "2" }, { name: "b", spec: "1" }]);
  deepEqual(changes.toSorted(), ["a 2", "b 1"]);
});

Deno.test("a wait for the first sync ends with the sync, or with its signal", async () => {
  const { store, settle } = start();
  await rejects(store.untilSynced(AbortSignal.abort(new Error("enough"))), /enough/);
  const stop = new AbortController();
  const aborted = store.untilSynced(stop.signal);
  stop.abort(new Error("enough"));
  await rejects(aborted, /enough/);
  const waited = store.untilSynced(never);
  await settle();
  await waited;
  await store.untilSynced(never);
});

Deno.test("an aborted first sync does not count", async () => {
  const { store, put } = start();
  put("a", "1");
  await store.settle(AbortSignal.abort());
  equal(store.synced, false);
});

Deno.test("a change during a long first sync is not lost", async () => {
  let busy = true;
  const { store, put, settle } = start((objects, previous) => {
    const until = performance.now() + (busy ? 12 : 0);
    while (performance.now() < until);
    return derived(objects, previous);
  });
  for (const name of ["a", "b", "c"]) put(name, "1");
  const settling = settle();
  // The first view alone has taken a whole turn: it is ours now.
  put("a", "2");
  put("d", "1");
  equal(store.synced, false);
  busy = false;
  await settling;
  deepEqual(store.page("", 10).map(({ name, spec }) => name + spec), ["a2", "b1", "c1", "d1"]);
});

Deno.test("each change is reported once, with the former and the new state", async () => {
  const { store, put } = await synced();
  const changes: unknown[] = [];
  const end = store.subscribe((name, after, before) => changes.push([name, before?.spec, after?.spec]));
  put("a", "1");
  put("a", "2");
  put("a", undefined);
  deepEqual(changes, [["a", undefined, "1"], ["a", "1", "2"], ["a", "2", undefined]]);
  end();
  put("a", "1");
  equal(changes.length, 3);
});

Deno.test("a change in Kubernetes that changes no state wakes nobody", async () => {
  const { store, put } = await synced();
  put("a", "1");
  const changes: string[] = [];
  store.subscribe((name) => changes.push(name));
  const { snapshot } = store;
  put("a", "1");
  deepEqual(changes, []);
  equal(store.snapshot, snapshot);
});

Deno.test("a snapshot never changes", async () => {
  const { store, put } = await synced();
  put("a", "1");
  const { snapshot } = store;
  put("a", "2");
  put("b", "1");
  deepEqual(snapshot.toObject(), { a: { name: "a", spec: "1" } });
  notEqual(store.snapshot, snapshot);
});

Deno.test("a derivation gets the view's former state", async () => {
  const seen: (string | undefined)[] = [];
  const { put } = await synced((objects, previous) => {
    seen.push(previous?.spec);
    return derived(objects, previous);
  });
  put("a", "1");
  put("a", "2");
  put("b", "1");
  deepEqual(seen, [undefined, "1", undefined]);
});

Deno.test("a failed derivation leaves its view as it was and affects no other", async () => {
  const { store, put, problems } = await synced((objects, previous) => {
    if (objects.service?.createdAt === "bad") throw new Error("impossible");
    return derived(objects, previous);
  });
  put("a", "1");
  put("a", "bad");
  put("b", "1");
  deepEqual(store.page("", 10).map(({ name, spec }) => name + spec), ["a1", "b1"]);
  deepEqual(problems, ["Cannot derive the state of view a; it stays as it was: impossible"]);
  put("a", "2");
  equal(store.get("a")?.spec, "2");
});

Deno.test("a listener that throws does not prevent the others' calls", async () => {
  const { store, put, problems } = await synced();
  const changes: string[] = [];
  store.subscribe(() => {
    throw new Error("mine");
  });
  store.subscribe((name) => changes.push(name));
  const waited = store.until("a", specOf("1"), never);
  put("a", "1");
  await waited;
  deepEqual([changes, problems], [["a"], ["A listener failed on a change of view a: mine"]]);
});

Deno.test("a wait ends with the first state that fits, present or future", async () => {
  const { store, put } = await synced();
  put("a", "1");
  equal((await store.until("a", specOf("1"), never))?.spec, "1");
  const later = store.until("a", specOf("3"), never);
  const gone = store.until("a", (state) => state === undefined, never);
  put("a", "2");
  put("a", "3");
  put("a", "4");
  equal((await later)?.spec, "3");
  put("a", undefined);
  equal(await gone, undefined);
});

Deno.test("a wait checks its condition only when its own view changes", async () => {
  const { store, put } = await synced();
  let looks = 0;
  const stop = new AbortController();
  const waited = store.until("a", () => ++looks < 0, stop.signal);
  for (let i = 0; i < 100; i++) put("b", String(i));
  equal(looks, 1);
  put("a", "1");
  equal(looks, 2);
  stop.abort(new Error("enough"));
  await rejects(waited, /enough/);
  put("a", "2");
  equal(looks, 2);
});

Deno.test("a wait ends with what its condition throws, or at once if its signal has aborted", async () => {
  const { store, put } = await synced();
  const waited = store.until("a", (state) => {
    if (state !== undefined) throw new Error("not this one");
    return false;
  }, never);
  const other = store.until("a", specOf("1"), never);
  put("a", "1");
  await rejects(waited, /not this one/);
  await other;
  await rejects(store.until("a", specOf("1"), AbortSignal.abort(new Error("late"))), /late/);
});

Deno.test("pages have the present states in the order of names, also after deletions", async () => {
  const { store, put } = await synced();
  for (const name of ["d", "b", "a", "c"]) put(name, "1");
  const names = (after: string, limit: number) => store.page(after, limit).map(({ name }) => name);
  deepEqual(names("", 2), ["a", "b"]);
  deepEqual(names("b", 2), ["c", "d"]);
  put("b", undefined);
  deepEqual(names("a", 2), ["c", "d"]);
  deepEqual(names("b", 2), ["c", "d"]);
  deepEqual(names("d", 2), []);
  put("c", "2");
  deepEqual(store.page("", 9), ["a", "c", "d"].map((name) => store.get(name)));
});

Deno.test("a refresh derives again the views that fit, and no others", async () => {
  let word = "old";
  const derivations: string[] = [];
  const { store, put } = await synced(({ name, service }) => {
    derivations.push(name);
    return service && { name, spec: service.createdAt === "follows" ? word : "own" };
  });
  for (const name of ["a", "c", "b"]) put(name, name === "b" ? "own" : "follows");
  const changes: string[] = [];
  store.subscribe((name, after) => changes.push(`${name} ${after?.spec}`));
  derivations.length = 0;
  word = "new";
  const awaited = store.until("c", specOf("new"), never);

  await store.refresh(({ service }) => service?.createdAt === "follows", never);

  deepEqual(derivations, ["a", "c"]);
  deepEqual(changes, ["a new", "c new"]);
  equal((await awaited)?.spec, "new");
});
