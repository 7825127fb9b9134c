import { expect, test } from "vitest";
import { batch } from "../../cluster/cluster.ts";
import { theGateway, uniqueName } from "../../gateway/gateway.ts";
import { apply, viewManifest } from "../../cluster/kubectl.ts";
import { problemOf } from "../../client/problem.ts";
import { View } from "../../gateway/view.ts";

test.for(
  [
    ["an annotation that is not JSON", "{", {}, /is not JSON/],
    [
      "an annotation that breaks the schema",
      `{"subsets": 1, "colour": "blue"}`,
      {},
      /\/subsets.*\/colour|\/colour.*\/subsets/,
    ],
    ["a Service that is not headless", `{"subsets": []}`, {
      clusterIP: undefined,
    }, /not headless/],
    ["a Service that selects other pods", `{"subsets": []}`, {
      selector: { app: "other" },
    }, /does not select/],
    ["a Service without a port", `{"subsets": []}`, { ports: [] }, /has no port/],
    ["a Service whose port nobody has", `{"subsets": []}`, {
      ports: [{ name: "http", port: 80, targetPort: "page" }],
    }, /targetPort is page, and no container of template default/],
    ["a Service that leaves the target to Kubernetes", `{"subsets": []}`, {
      ports: [{ name: "http", port: 80 }],
    }, /targetPort is 80, which no container .*declares http \(8080\)/],
    ["a Service of several ports, none of them http", `{"subsets": []}`, {
      ports: [{ name: "a", port: 80 }, { name: "b", port: 81 }],
    }, /has the ports a, b: give/],
  ] as const,
)(
  "%s makes that one view answer 500 with the reason",
  async ([, annotation, spec, expected]) => {
    const gateway = await theGateway();
    await using view = new View(gateway, uniqueName("bad"));
    await using good = await gateway.create("good");
    await apply(gateway.viewsNamespace, viewManifest(view.name, annotation, spec));

    const problem = problemOf(await view.ask(), 500, "invalid-spec");

    expect(problem.detail).toMatch(expected);
    expect(problem.reason).toBe("InvalidSpec");
    expect(await view.job()).toBeUndefined();
    // And no other view is disturbed.
    expect(await good.whoami()).toMatchObject({ view: good.name });
  },
);

test("a Job with a view's name that belongs to others stays, and the error names it", async () => {
  const gateway = await theGateway();
  const { viewsNamespace: namespace } = gateway;
  await using view = new View(gateway, uniqueName("taken"));
  // Given somebody's Job, which has no pod.
  const container = { name: "main", image: "127.0.0.1:1/none:v1" };
  const template = {
    spec: { restartPolicy: "Never", containers: [container] },
  };
  const theirs = await batch.createNamespacedJob({
    namespace,
    body: { metadata: { name: view.name }, spec: { suspend: true, template } },
  });
  try {
    // When a view of that name is asked …
    const body = { name: view.name, subsets: [] };
    expect((await gateway.client().POST("/_api/views", { body })).response.status).toBe(201);
    const problem = problemOf(await view.ask(), 503, "view-failed");

    // … then the answer says what is in the way, and it is still there.
    expect(problem.reason).toBe("JobNameTaken");
    expect((await view.job())?.metadata?.uid).toBe(theirs.metadata?.uid);
  } finally {
    await batch.deleteNamespacedJob({
      namespace,
      name: view.name,
      propagationPolicy: "Background",
    });
  }

  // And when it is gone, the view wakes.
  expect(await view.whoami()).toMatchObject({ view: view.name });
});
