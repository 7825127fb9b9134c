import { expect, test } from "vitest";
import { batch, core, NAME_LABEL, objectsOf } from "../../cluster/cluster.ts";
import { theGateway } from "../../gateway/gateway.ts";
import { problemOf } from "../../client/problem.ts";
import { until } from "../../until.ts";

test("deleting a view's Service leaves nothing of it within seconds", async () => {
  const gateway = await theGateway();
  // Given a view that is awake, and whose Secret is there.
  await using view = await gateway.create("gone");
  await view.whoami();
  const { viewsNamespace: namespace } = gateway;
  const service = await core.readNamespacedService({
    namespace,
    name: view.name,
  });
  await core.createNamespacedSecret({
    namespace,
    body: {
      metadata: {
        name: view.name,
        labels: { [NAME_LABEL]: view.name },
        ownerReferences: [{
          apiVersion: "v1",
          kind: "Service",
          name: view.name,
          uid: service.metadata!.uid!,
        }],
      },
    },
  });
  const before = await objectsOf(namespace, view.name);
  expect(before.map((object) => object.split("/")[0])).toEqual([
    "Service",
    "Job",
    "Pod",
    "Secret",
    "EndpointSlice",
  ]);

  // When its Service is deleted, and nothing else …
  await view.delete();

  // … then its name is unknown as soon as the gateways have heard of it …
  const answer = await until("the name is unknown", async () => {
    const answer = await view.ask();
    return answer.status === 404 && answer;
  }, { within: 2_000, every: 20 });
  problemOf(answer, 404, "unknown-view");

  // … and nothing is left when its pod has had its time to end.
  await until(
    "nothing is left of the view",
    async () => (await objectsOf(namespace, view.name)).length === 0,
    {
      within: 10_000,
    },
  );
  expect(
    (await batch.listNamespacedJob({
      namespace,
      fieldSelector: `metadata.name=${view.name}`,
    })).items,
  ).toEqual([]);
});

test("a view that is created again under the same name is another view", async () => {
  const gateway = await theGateway();
  await using view = await gateway.create("again");
  const first = await view.whoami();

  await view.delete();
  await until("the name is free", async () => {
    const body = { name: view.name, subsets: [], idleSeconds: 300 };
    return (await gateway.client().POST("/_api/views", { body })).response.status === 201;
  });

  const second = await view.whoami();
  expect(second.pod).not.toBe(first.pod);
  expect((await view.job())?.spec?.activeDeadlineSeconds).toBe(300);
});
