import { expect, test } from "vitest";
import { theGateway, uniqueName } from "../../gateway/gateway.ts";
import { apply, viewManifest } from "../../cluster/kubectl.ts";
import { until } from "../../until.ts";
import { View } from "../../gateway/view.ts";

test("a view from kubectl apply works as one from the API does", async () => {
  const gateway = await theGateway();
  await using view = new View(gateway, uniqueName("applied"));

  // When a Service with the label and the annotation is applied …
  await apply(
    gateway.viewsNamespace,
    viewManifest(view.name, JSON.stringify({ subsets: [], idleSeconds: 300 })),
  );

  // … then its hostname wakes it, …
  expect(await view.whoami()).toMatchObject({ view: view.name, subsets: [] });

  // … the API knows it, though each replica that did not probe it learns of that from Kubernetes, a second later, …
  let known: unknown;
  await until("the API says that it is awake", async () => {
    const said = await view.resource();
    known = said;
    return said.phase === "awake";
  });
  expect(known).toMatchObject({
    name: view.name,
    idleSeconds: 300,
    phase: "awake",
  });

  // … and deletes it.
  const params = { path: { name: view.name } };
  const { response } = await gateway.client().DELETE("/_api/views/{name}", { params });
  expect(response.status).toBe(204);
  // Another replica hears of that by its watch, some milliseconds later.
  await until("nobody answers for it", async () => (await view.ask()).status === 404, {
    within: 5_000,
  });
});
