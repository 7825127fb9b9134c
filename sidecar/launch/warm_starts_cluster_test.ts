import { deepEqual, equal, ok } from "node:assert/strict";
import { clusterTest, type Namespace } from "../kubernetes/testing/namespace.ts";
import { eventually } from "../testing/eventually.ts";
import {
  changeTemplate,
  createViews,
  podsOfPool,
  podsOfView,
  WarmGateway,
  warmNamespace,
} from "./testing/warm_gateway.ts";

/** Waits until each view has one Job with one started pod and no placeholder; returns how many of these pods are claimed. */
async function untilEachHasOnePod(namespace: Namespace, views: readonly string[]): Promise<number> {
  let claimed = 0;
  await eventually("each view has one started pod", async () => {
    const found = await Promise.all(views.map((view) => podsOfView(namespace, view)));
    claimed = found.filter(({ claimed }) => claimed.length === 1).length;
    return found.every(({ gated, started }) => gated.length === 0 && started.length === 1);
  }, 20);
  const { items } = await namespace.call("GET", "apis/batch/v1/jobs") as unknown as {
    readonly items: readonly { readonly metadata: { readonly name: string } }[];
  };
  deepEqual(items.map(({ metadata }) => metadata.name).filter((name) => !/warm/.test(name)).sort(), [...views].sort());
  return claimed;
}

const claimsOf = (...gateways: readonly WarmGateway[]) =>
  gateways.flatMap(({ claims }) => claims).filter((kind) => kind === "claimed").length;

clusterTest(
  "of twenty views at once as many get a pod as the pool has, and the others start cold",
  async (namespace) => {
    await warmNamespace(namespace, 5);
    const views = await createViews(namespace, 20);
    await using one = await WarmGateway.start(namespace);
    await using other = await WarmGateway.start(namespace);
    const outcomes = await Promise.all(views.map((view, number) => (number % 2 === 0 ? one : other).launch(view)));
    ok(outcomes.every((outcome) => outcome.kind === "launched" && outcome.created), JSON.stringify(outcomes));
    const claimed = await untilEachHasOnePod(namespace, views);
    // On a slow machine the pool has new pods before the last launch.
    ok(claimed >= 5, String(claimed));
    equal(outcomes.filter((outcome) => outcome.kind === "launched" && outcome.claimed).length, claimed);
    equal(claimsOf(one, other), claimed);
    await eventually("the pool has five pods again", async () => (await podsOfPool(namespace)).length === 5);
    deepEqual([...one.faults, ...other.faults], []);
  },
);

clusterTest("two gateways that launch the same views give each one pod, and no pod to two views", async (namespace) => {
  await warmNamespace(namespace, 5);
  const views = await createViews(namespace, 10);
  await using one = await WarmGateway.start(namespace);
  await using other = await WarmGateway.start(namespace);
  const outcomes = await Promise.all(views.flatMap((view) => [one.launch(view), other.launch(view)]));
  equal(outcomes.filter((outcome) => outcome.kind === "launched" && outcome.created).length, 10);
  const claimed = await untilEachHasOnePod(namespace, views);
  equal(claimsOf(one, other), claimed);
  ok(claimed >= 1, String(claimed));
});

clusterTest(
  "a gateway that ends between its writes leaves a placeholder, which another releases",
  async (namespace) => {
    await warmNamespace(namespace, 1);
    const [view = ""] = await createViews(namespace, 1);
    await using other = await WarmGateway.start(namespace);
    await using first = await WarmGateway.start(namespace, (gateway) => ({
      claim: (_claim, signal) => {
        gateway.kill();
        return Promise.reject(signal.reason);
      },
    }));
    deepEqual(await first.launch(view), { kind: "stopping" });
    await eventually("a placeholder", async () => (await podsOfView(namespace, view)).gated.length === 1);
    deepEqual(other.releases, []);
    other.await(view);
    equal(await untilEachHasOnePod(namespace, [view]), 0);
    // On a busy machine it is tried again before its effect shows.
    await eventually("the release is told", () => Promise.resolve(other.releases.length >= 1));
    equal((await podsOfPool(namespace)).length, 1);
  },
);

clusterTest("a gateway that ends after its claim leaves a view that has its pod", async (namespace) => {
  await warmNamespace(namespace, 1);
  const [pod] = await podsOfPool(namespace);
  const [view = ""] = await createViews(namespace, 1);
  await using other = await WarmGateway.start(namespace);
  await using first = await WarmGateway.start(namespace, (gateway) => ({
    claim: async (claim, signal) => {
      await gateway.kubernetes.pods.claim(claim, signal);
      gateway.kill();
      throw signal.reason;
    },
  }));
  other.await(view);
  deepEqual(await first.launch(view), { kind: "stopping" });
  equal(await untilEachHasOnePod(namespace, [view]), 1);
  const seen = other.kubernetes.views.get(view);
  ok(seen?.phase.kind === "starting" && seen.phase.step === "assigning", JSON.stringify(seen?.phase));
  deepEqual([seen.pod?.uid, seen.pod?.claimed, seen.start], [pod?.metadata.uid, true, "warm"]);
  deepEqual(other.releases, []);
});

clusterTest("a claim that Kubernetes cannot answer ends in a cold start", async (namespace) => {
  await warmNamespace(namespace, 1);
  const [view = ""] = await createViews(namespace, 1);
  await using gateway = await WarmGateway.start(namespace, () => ({
    claim: () => Promise.resolve({ kind: "unavailable", message: "etcd has no leader" }),
  }));
  const outcome = await gateway.launch(view);
  deepEqual([outcome.kind, gateway.claims], ["launched", ["unavailable"]]);
  equal(await untilEachHasOnePod(namespace, [view]), 0);
  await eventually("the release is told", () => Promise.resolve(gateway.releases.length >= 1));
});

clusterTest(
  "a template that changes during a claim leaves the view with a pod of the former one",
  async (namespace) => {
    await warmNamespace(namespace, 1);
    const [view = ""] = await createViews(namespace, 1);
    await using gateway = await WarmGateway.start(namespace, ({ kubernetes }) => ({
      claim: async (claim, signal) => {
        const before = kubernetes.templates;
        await changeTemplate(namespace);
        await eventually("the template has changed", () => Promise.resolve(kubernetes.templates !== before));
        return await kubernetes.pods.claim(claim, signal);
      },
    }));
    const outcome = await gateway.launch(view);
    ok(outcome.kind === "launched" && outcome.claimed, JSON.stringify(outcome));
    await eventually("the view has its pod, and needs a restart", () => {
      const now = gateway.kubernetes.views.get(view);
      return Promise.resolve(now?.pod?.uid === outcome.claimed?.uid && now?.restartNeeded?.[0] === "template");
    });
  },
);

clusterTest("a gateway that may not change pods starts its views cold", async (namespace) => {
  await warmNamespace(namespace, 5);
  const views = await createViews(namespace, 5);
  const forbidden = { kind: "refused", cause: { reason: "Forbidden", message: "pods is forbidden" } } as const;
  await using gateway = await WarmGateway.start(namespace, () => ({
    claim: () => Promise.resolve(forbidden),
    release: () => Promise.resolve(forbidden),
  }));
  await Promise.all(views.map((view) => gateway.launch(view)));
  equal(await untilEachHasOnePod(namespace, views), 0);
  deepEqual(new Set(gateway.claims), new Set(["refused"]));
});

clusterTest("a full quota keeps the placeholder away, and the claim succeeds nevertheless", async (namespace) => {
  await warmNamespace(namespace, 1);
  const [view = "", second = ""] = await createViews(namespace, 2);
  await fillQuota(namespace);
  await using gateway = await WarmGateway.start(namespace);
  const phase = (name: string) => gateway.kubernetes.views.get(name)?.phase;
  equal((await gateway.launch(view)).kind, "launched");
  await eventually("the view has its pod", () => {
    const now = phase(view);
    return Promise.resolve(now?.kind === "starting" && now.step === "assigning");
  });
  const { claimed, gated } = await podsOfView(namespace, view);
  deepEqual([claimed.length, gated.length], [1, 0]);
  // The pool is empty now, and there is no room for another pod.
  await gateway.launch(second);
  await eventually("the quota is the cause", () => {
    const now = phase(second);
    return Promise.resolve(now?.kind === "failed" && /exceeded quota/.test(now.cause.message));
  });
});

clusterTest("a miss while the quota is full has the quota as its cause, and no wait without end", async (namespace) => {
  await warmNamespace(namespace, 1);
  const [view = ""] = await createViews(namespace, 1);
  await fillQuota(namespace);
  await using gateway = await WarmGateway.start(namespace, () => ({ claim: () => Promise.resolve({ kind: "lost" }) }));
  equal((await gateway.launch(view)).kind, "launched");
  const phase = gateway.kubernetes.views.get(view)?.phase;
  ok(phase?.kind === "failed" && /exceeded quota/.test(phase.cause.message), JSON.stringify(phase));
});

clusterTest("a pool that ends while it is claimed from keeps no view asleep", async (namespace) => {
  const pool = await warmNamespace(namespace, 5);
  const views = await createViews(namespace, 5);
  let ends: Promise<void> | undefined;
  await using gateway = await WarmGateway.start(namespace, ({ kubernetes }) => ({
    claim: async (claim, signal) => {
      const outcome = await kubernetes.pods.claim(claim, signal);
      await (ends ??= endSoon(namespace, pool));
      return outcome;
    },
  }));
  await Promise.all(views.map((view) => gateway.launch(view)));
  await eventually("each view has a started pod", async () => {
    const counts = await Promise.all(views.map(async (view) => {
      const { started } = await podsOfView(namespace, view);
      const phase = gateway.kubernetes.views.get(view)?.phase;
      if (phase?.kind !== "starting" && phase?.kind !== "awake") {
        await gateway.launch(view);
      }
      return started.length;
    }));
    return counts.every((count) => count === 1);
  }, 30);
  deepEqual(gateway.faults, []);
});

/** A quota that leaves no room for another pod; resolves once Kubernetes counts. */
async function fillQuota(namespace: Namespace): Promise<void> {
  await namespace.call("POST", "api/v1/resourcequotas", { metadata: { name: "full" }, spec: { hard: { pods: "1" } } });
  await eventually("the quota counts", async () => {
    const quota = await namespace.call("GET", "api/v1/resourcequotas/full") as unknown as {
      readonly status?: { readonly used?: { readonly pods?: string } };
    };
    return quota.status?.used?.pods === "1";
  });
}

/** Lets a Job's deadline pass. */
async function endSoon({ transport, name: namespace, signal }: Namespace, job: string): Promise<void> {
  await transport.call({
    method: "PATCH",
    path: `/apis/batch/v1/namespaces/${namespace}/jobs/${job}`,
    headers: { "content-type": "application/merge-patch+json" },
    body: JSON.stringify({ spec: { activeDeadlineSeconds: 1 } }),
  }, signal);
}
