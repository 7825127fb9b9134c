import { deepEqual, equal, match } from "node:assert/strict";
import type { V1Job } from "@kubernetes/client-node";
import type { PodIdentity } from "../kubernetes/write/pod_writes.ts";
import { type Claim, CLAIM_GATE, type PoolPod } from "../view/claim.ts";
import type { ViewPhase, ViewState } from "../view/state.ts";
import type { ClaimedPod } from "../view/write_outcomes.ts";
import type { LauncherOptions } from "./launcher.ts";
import { NO_POOLS } from "./testing/no_pools.ts";
import { sleepingView, startLauncher, viewWith } from "./testing/launcher.ts";
import type { ClaimOutcome } from "./warm_starts.ts";

const poolPod = (name: string): PoolPod => ({
  name,
  uid: `uid-${name}`,
  job: { name: "warm", uid: "pool-1" },
});
const placeholder = { pod: "pod-0", podName: "hello-x" };
const waiting: ViewPhase = { kind: "starting", job: "job-1", step: "no pod", placeholder };

/** A launcher whose template has a pool of these pods, each with the outcome of its claim. */
function startWarm(outcomes: Record<string, ClaimedPod["kind"]>, change: Partial<LauncherOptions> = {}) {
  const left = Object.keys(outcomes).map(poolPod);
  const givenBack: string[] = [];
  const lost: string[] = [];
  const resting: string[] = [];
  const claims: Claim[] = [];
  const released: PodIdentity[] = [];
  const said: ClaimOutcome["kind"][] = [];
  const template = (job: V1Job) => ({
    template: { job, shape: { labels: {}, ports: [] }, digest: "1", warm: { size: 2, path: "/_gate/assign" } },
  });
  const world = startLauncher({
    pools: {
      take: () => left.shift(),
      giveBack: ({ name }) => givenBack.push(name),
      lost: ({ name }) => lost.push(name),
      failed: (pool) => resting.push(pool),
    },
    pods: {
      claim: (claim) => {
        claims.push(claim);
        return Promise.resolve(outcomeOf(outcomes[claim.pod.name]!));
      },
      release: ({ name, uid }) => {
        released.push({ name, uid });
        return Promise.resolve({ kind: "patched" });
      },
    },
    onClaim: (_view, { kind }) => said.push(kind),
    start: () =>
      template({
        kind: "Job",
        spec: { template: { metadata: { labels: { app: "page" } }, spec: { containers: [] } } },
      }),
    ...change,
  });
  return { ...world, givenBack, lost, resting, claims, released, said, gates: () => world.created.map(gatesOf) };
}

function outcomeOf(kind: ClaimedPod["kind"]): ClaimedPod {
  switch (kind) {
    case "refused":
      return { kind, cause: { reason: "Forbidden", message: "pods is forbidden" } };
    case "unavailable":
      return { kind, message: "etcd has no leader" };
    default:
      return { kind };
  }
}

const gatesOf = ({ spec }: V1Job) => spec?.template.spec?.schedulingGates ?? [];

/** A snapshot that shows these phases of the view, one after another. */
const showing = (...phases: ViewPhase[]): LauncherOptions["views"] => ({
  get: () => undefined,
  until: (_name, fits, signal) => {
    const found: ViewState | undefined = phases.map((phase) => viewWith(phase)).find(fits);
    return found
      ? Promise.resolve(found)
      : new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
  },
});

Deno.test("a launch with a pool creates a Job whose own pod waits, and gives it a pod of the pool", async () => {
  const { launcher, gates, claims, released, said, givenBack } = startWarm({ a: "claimed", b: "claimed" });
  const outcome = await launcher.launch(sleepingView());
  deepEqual(outcome, { kind: "launched", created: "job-1", claimed: poolPod("a") });
  deepEqual(gates(), [[{ name: CLAIM_GATE }]]);
  deepEqual(claims, [{
    pod: poolPod("a"),
    job: { name: "hello", uid: "job-1" },
    labels: { app: "page", "view.yolean.se/name": "hello", "app.kubernetes.io/managed-by": "view-gateway" },
  }]);
  deepEqual([released, said, givenBack], [[], ["claimed"], []]);
});

Deno.test("an empty pool means an ordinary Job, and a template without one is not asked", async () => {
  const empty = startWarm({});
  await empty.launcher.launch(sleepingView());
  deepEqual([empty.gates(), empty.said, empty.released], [[[]], ["empty"], []]);
  const without = startLauncher({ pools: { ...NO_POOLS, take: () => poolPod("a") } });
  await without.launcher.launch(sleepingView());
  deepEqual(gatesOf(without.created[0]!), []);
});

Deno.test("the gate does not change a view's digest: a failed start pauses, warm or cold", async () => {
  const warm = startWarm({ a: "claimed" });
  await warm.launcher.launch(sleepingView());
  const cold = startWarm({});
  await cold.launcher.launch(sleepingView());
  equal(warm.lastAttempt().digest, cold.lastAttempt().digest);
  equal((await warm.launcher.launch(warm.failed(0))).kind, "launched");
  equal((await warm.launcher.launch(warm.failed(1))).kind, "paused");
});

Deno.test("a lost pod is not given back; the next one is claimed", async () => {
  const { launcher, claims, said, givenBack, lost } = startWarm({ a: "lost", b: "lost", c: "claimed" });
  const outcome = await launcher.launch(sleepingView());
  deepEqual(outcome, { kind: "launched", created: "job-1", claimed: poolPod("c") });
  deepEqual([claims.length, said, givenBack], [3, ["lost", "lost", "claimed"], []]);
  deepEqual(lost, ["a", "b"]);
});

Deno.test("after a miss the Job's own pod is released, as soon as the snapshot shows it", async () => {
  const views = showing(
    { kind: "asleep", ended: undefined },
    { kind: "starting", job: "job-1", step: "no pod" },
    waiting,
  );
  const { launcher, released, said, created } = startWarm({ a: "lost", b: "lost" }, { views });
  deepEqual(await launcher.launch(sleepingView()), { kind: "launched", created: "job-1" });
  deepEqual(released, [{ name: "hello-x", uid: "pod-0" }]);
  deepEqual([said, created.length], [["lost", "lost", "empty"], 1]);
});

Deno.test("after a miss, a view that was replaced meanwhile keeps its own placeholder, and its Job", async () => {
  const replaced = { ...viewWith(waiting), uid: "service-2" };
  const views: LauncherOptions["views"] = {
    get: () => undefined,
    until: (_name, fits) => fits(replaced) ? Promise.resolve(replaced) : Promise.reject(new Error("not seen")),
  };
  const { launcher, released, created } = startWarm({ a: "lost" }, { views });
  equal((await launcher.launch(sleepingView())).kind, "launched");
  deepEqual([released, created.length], [[], 1]);
});

Deno.test("a placeholder that is gone, or cannot be released now, keeps its Job", async () => {
  for (const outcome of [{ kind: "lost" }, { kind: "unavailable", message: "etcd has no leader" }] as const) {
    const { launcher, created } = startWarm({ a: "lost" }, {
      views: showing(waiting),
      pods: { claim: () => Promise.resolve({ kind: "lost" }), release: () => Promise.resolve(outcome) },
    });
    deepEqual(await launcher.launch(sleepingView()), { kind: "launched", created: "job-1" });
    equal(created.length, 1);
  }
});

Deno.test("a launch does not try all pods of a pool that gives it none", async () => {
  const outcomes = Object.fromEntries(Array.from({ length: 20 }, (_, pod) => [`pod-${pod}`, "lost" as const]));
  const { launcher, claims, released } = startWarm(outcomes, { views: showing(waiting) });
  await launcher.launch(sleepingView());
  deepEqual([claims.length, released.length], [5, 1]);
});

Deno.test("a Job that cannot get a pod of its own has failed, and there is nothing to release", async () => {
  const cause = { reason: "FailedCreate", message: "exceeded quota" };
  const { launcher, released } = startWarm({ a: "lost" }, { views: showing({ kind: "failed", job: "job-1", cause }) });
  equal((await launcher.launch(sleepingView())).kind, "launched");
  deepEqual(released, []);
});

Deno.test("only the gateway that creates the Job claims a pod; another one gives its pod back", async () => {
  const { launcher, setCreated, setExisting, claims, givenBack } = startWarm({ a: "claimed" });
  setCreated(() => ({ kind: "exists" }));
  setExisting({ uid: "job-9", deleting: false, blockingFinalizers: [], owner: { uid: "service-1", name: "hello" } });
  deepEqual(await launcher.launch(sleepingView()), { kind: "launched", created: undefined });
  deepEqual([claims, givenBack], [[], ["a"]]);
});

Deno.test("a Job that Kubernetes refuses, or cannot create now, gives the pod back", async () => {
  for (
    const created of [
      { kind: "refused", cause: { reason: "Invalid", message: "no" } },
      { kind: "unavailable", message: "etcd has no leader" },
    ] as const
  ) {
    const { launcher, setCreated, givenBack, claims } = startWarm({ a: "claimed" });
    setCreated(() => created);
    equal((await launcher.launch(sleepingView())).kind, created.kind === "refused" ? "failed" : "unavailable");
    deepEqual([claims, givenBack], [[], ["a"]]);
  }
});

Deno.test("where Kubernetes forbids a claim, the pool rests, and the Job's own pod is released", async () => {
  const { launcher, gates, released, resting, givenBack, claims } = startWarm({ a: "refused", b: "claimed" }, {
    views: showing(waiting),
  });
  deepEqual(await launcher.launch(sleepingView()), { kind: "launched", created: "job-1" });
  deepEqual([gates(), released.length], [[[{ name: CLAIM_GATE }]], 1]);
  deepEqual([resting, givenBack, claims.length], [["warm"], ["a"], 1]);
});

Deno.test("where it forbids the release too, an ordinary Job replaces the gated one, once that has its pod", async () => {
  const refused = outcomeOf("refused");
  let shown = false;
  const { launcher, gates, deleted } = startWarm({}, {
    pools: { ...NO_POOLS, take: () => poolPod("a") },
    views: {
      get: () => undefined,
      until: (name, fits, signal) => {
        shown ||= fits(viewWith(waiting));
        return showing(waiting).until(name, fits, signal);
      },
    },
    pods: {
      claim: () => Promise.resolve(refused),
      release: () => Promise.resolve(shown && refused.kind === "refused" ? refused : { kind: "lost" }),
    },
  });
  deepEqual(await launcher.launch(sleepingView()), { kind: "launched", created: "job-2" });
  deepEqual([gates(), deleted], [[[{ name: CLAIM_GATE }], []], ["job-1"]]);
});

Deno.test("a claim without an answer is not repeated with another pod: it may have succeeded", async () => {
  const { launcher, claims, givenBack, released } = startWarm({ a: "unavailable", b: "claimed" });
  deepEqual(await launcher.launch(sleepingView()), { kind: "launched", created: "job-1" });
  deepEqual([claims.length, givenBack, released], [1, ["a"], []]);
});

Deno.test("a sidecar that stops in the middle of a claim leaves it, and gives the pod back", async () => {
  const stop = new AbortController();
  const { launcher, givenBack } = startWarm({ a: "claimed" }, {
    signal: stop.signal,
    pods: {
      claim: (_claim, signal) => {
        stop.abort();
        return Promise.reject(signal.reason);
      },
      release: () => Promise.reject(new Error("no release")),
    },
  });
  deepEqual(await launcher.launch(sleepingView()), { kind: "stopping" });
  deepEqual(givenBack, ["a"]);
});

Deno.test("a launch whose placeholder never appears says what it waited for", async () => {
  const views = showing({ kind: "starting", job: "job-1", step: "no pod" });
  const { launcher } = startWarm({ a: "lost" }, { views, timeout: 50 });
  match(JSON.stringify(await launcher.launch(sleepingView())), /"late".*Kubernetes to create its pod/);
});
