import { expect, test } from "vitest";
import { core, NAME_LABEL } from "../../cluster/cluster.ts";
import { theGateway, uniqueName } from "../../gateway/gateway.ts";
import { apply, viewManifest } from "../../cluster/kubectl.ts";
import { problemOf } from "../../client/problem.ts";
import { until } from "../../until.ts";
import { View } from "../../gateway/view.ts";

test.for(
  [
    ["has no name", { ports: [{ port: 80, targetPort: "http" }] }, "default"],
    ["has no name, and a number for a target", { ports: [{ port: 80, targetPort: 8080 }] }, "default"],
    ["has another name", { ports: [{ name: "web", port: 80, targetPort: "http" }] }, "default"],
    ["points to the port that its template has", { ports: [{ port: 80, targetPort: "web" }] }, "web-port"],
    [
      "is one of two",
      { ports: [{ name: "metrics", port: 9090 }, { name: "http", port: 80, targetPort: "http" }] },
      "default",
    ],
  ] as const,
)("a view wakes whose Service's port %s", async ([, spec, template]) => {
  const gateway = await theGateway();
  await using view = new View(gateway, uniqueName("port"));
  await apply(gateway.viewsNamespace, viewManifest(view.name, JSON.stringify({ subsets: [], template }), spec));

  expect(await view.whoami()).toMatchObject({ view: view.name });
});

test("a view that is awake fails when its Service's port is changed, and answers again when it is changed back", async () => {
  const gateway = await theGateway();
  const { viewsNamespace: namespace } = gateway;
  await using view = await gateway.create("cut-off");
  const { pod } = await view.whoami();
  const change = (op: object) => core.patchNamespacedService({ namespace, name: view.name, body: [op] });

  await change({ op: "replace", path: "/spec/ports/0/targetPort", value: "page" });

  await until("the view fails", async () => (await view.ask()).status === 500);
  const problem = problemOf(await view.ask(), 500, "invalid-spec");
  expect(problem.detail).toMatch(/targetPort is page, and no container of template default/);

  // When it is mended, the pod that has been there all the time answers.
  await change({ op: "replace", path: "/spec/ports/0/targetPort", value: "http" });
  await until("the view answers", async () => (await view.ask()).status === 200);
  expect(await view.whoami()).toMatchObject({ pod });
});

test("a view that is awake fails when its Service selects by a label that its pod does not have", async () => {
  const gateway = await theGateway();
  const { viewsNamespace: namespace } = gateway;
  await using view = await gateway.create("unlabelled");
  await view.whoami();

  await core.patchNamespacedService({
    namespace,
    name: view.name,
    body: [{ op: "add", path: "/spec/selector/app", value: "sales" }],
  });

  await until("the view fails", async () => (await view.ask()).status === 500);
  const problem = problemOf(await view.ask(), 500, "invalid-spec");
  expect(problem.detail).toContain(`the label app=sales, which template default does not set`);
  expect(problem.detail).not.toContain(NAME_LABEL);
});
