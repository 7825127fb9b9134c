import { expect, test } from "vitest";
import { dumpYaml, loadYaml, type V1Job } from "@kubernetes/client-node";
import { type Gateway, theGateway, uniqueName } from "../../gateway/gateway.ts";
import { apply, viewManifest } from "../../cluster/kubectl.ts";
import { problemOf } from "../../client/problem.ts";
import { setTemplate, templateText } from "../../gateway/templates.ts";
import { until } from "../../until.ts";
import { View } from "../../gateway/view.ts";

const BROWSER = { accept: "text/html", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document" };

/** Waits until the view has this phase at each replica. */
async function untilAllSay(gateway: Gateway, view: View, phase: string): Promise<void> {
  const params = { path: { name: view.name } };
  await Promise.all(gateway.replicas.map(async (replica) => {
    const says = async () => {
      return (await gateway.client(replica).GET("/_api/views/{name}", { params })).data?.phase === phase;
    };
    await until(`${replica.pod} says ${phase}`, says);
  }));
}

test("a view cannot be created with a template that does not exist", async () => {
  const gateway = await theGateway();

  const answer = await gateway.post({ name: uniqueName("lost"), subsets: [], template: "defualt" });

  const problem = problemOf(answer, 422, "invalid-view");
  expect(problem.errors?.map(({ pointer }) => pointer)).toEqual(["/template"]);
  expect(problem.detail).toMatch(/There is no template defualt: .*There are .*default.*Did you mean default\?/);
});

test("a view cannot be created with a template whose containers lack the port of its Service", async () => {
  const gateway = await theGateway();

  const answer = await gateway.post({ name: uniqueName("lost"), subsets: [], template: "web-port" });

  const problem = problemOf(answer, 422, "invalid-view");
  expect(problem.detail).toMatch(/No container of template web-port has a TCP port named http.*declares web \(8080\)/);
});

test("a view whose template is missing fails at once, and wakes once the template is there", async () => {
  const gateway = await theGateway();
  const { viewsNamespace: namespace } = gateway;
  const template = uniqueName("late");
  const good = await templateText(namespace, "default");
  await using view = new View(gateway, uniqueName("template"));
  // Given a view of a template that is not there yet …
  await apply(namespace, viewManifest(view.name, JSON.stringify({ subsets: [], template })));
  await untilAllSay(gateway, view, "failed");
  try {
    // … then the API, each request and the page say why. One that waited for the view would be answered 504.
    const problem = problemOf(await view.ask(), 503, "view-failed");
    expect(problem.reason).toBe("InvalidTemplate");
    expect(problem.detail).toContain(`There is no template ${template}`);
    const page = await view.ask({ headers: BROWSER });
    expect(page.status).toBe(503);
    expect(page.text).toContain("InvalidTemplate");

    // When it is there and broken, then the cause says so …
    await setTemplate(namespace, template, good.replace("kind: Job", "kind: CronJob"));
    await until("the view's cause is another one", async () => {
      const { cause } = await view.resource();
      return /is not a Job/.test(cause?.message ?? "");
    });

    // … and when it is mended, the view sleeps, and wakes.
    await setTemplate(namespace, template, good);
    await untilAllSay(gateway, view, "asleep");
    expect(await view.whoami()).toMatchObject({ view: view.name });
  } finally {
    await setTemplate(namespace, template, undefined);
  }
  // And what is awake goes on without its template.
  expect(await view.whoami()).toMatchObject({ view: view.name });
});

test("a view starts again from the current template", async () => {
  const gateway = await theGateway();
  const { viewsNamespace: namespace } = gateway;
  const template = uniqueName("changed");
  const good = await templateText(namespace, "default");
  await setTemplate(namespace, template, good);
  try {
    await using view = new View(gateway, uniqueName("restart"));
    await until("the template is known", async () => {
      const body = { name: view.name, subsets: [], template };
      return (await gateway.client().POST("/_api/views", { body })).response.status === 201;
    });
    expect(await view.whoami()).toMatchObject({ view: view.name });

    const { metadata, ...job } = loadYaml<V1Job>(good);
    const blue = { ...job, metadata: { ...metadata, labels: { ...metadata?.labels, color: "blue" } } };
    await setTemplate(namespace, template, dumpYaml(blue));
    await until("a restart takes it", async () => {
      await view.restart();
      return (await view.job())?.metadata?.labels?.color === "blue";
    });
  } finally {
    await setTemplate(namespace, template, undefined);
  }
});
