import { expect, test } from "vitest";
import { theGateway } from "../../gateway/gateway.ts";
import { until } from "../../until.ts";

test("the first request wakes a view, and the same pod answers the next ones", async () => {
  const gateway = await theGateway();
  // Given a view that sleeps: there is no Job and no pod.
  await using view = await gateway.create("first");
  expect(await view.phase()).toBe("asleep");
  expect(await view.job()).toBeUndefined();

  // When somebody asks for it …
  const first = await view.whoami();

  // … then a pod answers that was started for it.
  expect(first).toMatchObject({
    view: view.name,
    subsets: [],
    requests: { GET: 1 },
  });
  expect((await view.pods()).map(({ metadata }) => metadata?.name)).toEqual([
    first.pod,
  ]);
  // Another replica may hear of it from the kubelet only.
  await until("the API says that it is awake", async () => await view.phase() === "awake");

  // And the next request is answered by the same pod.
  const second = await view.whoami();
  expect(second).toMatchObject({ pod: first.pod, requests: { GET: 2 } });
});

test("a view's Job belongs to its Service and has a deadline", async () => {
  const gateway = await theGateway();
  await using view = await gateway.create("lease", { idleSeconds: 300 });
  await view.whoami();

  const job = await view.job();
  expect(job?.metadata?.ownerReferences).toMatchObject([{
    kind: "Service",
    name: view.name,
    controller: true,
  }]);
  expect(job?.spec?.activeDeadlineSeconds).toBe(300);
});
