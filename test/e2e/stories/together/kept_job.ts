import { PatchStrategy, setHeaderOptions } from "@kubernetes/client-node";
import { expect, test } from "vitest";
import { batch } from "../../cluster/cluster.ts";
import { theGateway } from "../../gateway/gateway.ts";
import { problemOf } from "../../client/problem.ts";
import { until } from "../../until.ts";

/** Far below the half minute that a launch may take. */
const A_MOMENT = 10_000;

test("a request learns at once that a finalizer keeps the old Job, and the view wakes when the finalizer is gone", async () => {
  const gateway = await theGateway();
  const { viewsNamespace: namespace } = gateway;
  await using view = await gateway.create("kept");
  await view.whoami();
  const keep = (...finalizers: string[]) =>
    batch.patchNamespacedJob(
      { name: view.name, namespace, body: { metadata: { finalizers } } },
      setHeaderOptions("Content-Type", PatchStrategy.MergePatch),
    );
  await keep("example.com/hold");
  try {
    // When somebody deletes the Job, …
    await batch.deleteNamespacedJob({ name: view.name, namespace, propagationPolicy: "Background" });

    // … then the API and each request say by what it is kept, …
    const known = await until("the API says so", async () => {
      const seen = await view.resource();
      return seen.phase === "failed" && seen;
    });
    expect(known).toMatchObject({ cause: { reason: "JobBeingDeleted" } });
    // The replica that is asked may hear of it a moment later than the one that the API has asked: the pod still runs.
    const { answer, took } = await until("requests are denied", async () => {
      const began = performance.now();
      const answer = await view.ask();
      return answer.status !== 200 && { answer, took: performance.now() - began };
    }, { within: A_MOMENT });
    const problem = problemOf(answer, 503, "view-failed");
    expect(problem.reason).toBe("JobBeingDeleted");
    expect(problem.detail).toContain("example.com/hold");
    expect(took).toBeLessThan(A_MOMENT);
  } finally {
    await keep();
  }

  // … until it is gone: then the view wakes as ever.
  await until("the view answers", async () => (await view.ask({ path: "/whoami" })).status === 200);
});
