import { expect, test } from "vitest";
import { problemOf } from "../../client/problem.ts";
import { eventsOf } from "../../cluster/events.ts";
import { theGateway, uniqueName } from "../../gateway/gateway.ts";
import { odd } from "../../gateway/odd_pod.ts";
import { Pool } from "../../gateway/pool.ts";
import { setTemplate, templateText } from "../../gateway/templates.ts";
import { until } from "../../until.ts";

/** The gate may hold a request for longer. */
const AT_ONCE = 30_000;

test("a template with only one of a pool's two annotations is refused, and the refusal names the other one", async () => {
  const gateway = await theGateway();
  const { viewsNamespace: namespace } = gateway;
  const template = uniqueName("half");
  const text = await templateText(namespace, "default");
  await setTemplate(namespace, template, text.replace(/view\.yolean\.se\/start-probe: .*/, 'view.yolean.se/warm: "1"'));
  try {
    const problem = await until("the template is known", async () => {
      const answer = await gateway.post({ name: uniqueName("half"), subsets: [], template });
      const problem = problemOf(answer, 422, "invalid-view");
      return /view\.yolean\.se\/warm/.test(problem.detail) && problem;
    });
    expect(problem.detail).toContain("view.yolean.se/assign");
  } finally {
    await setTemplate(namespace, template, undefined);
  }
});

test.for(
  [
    ["answers 500", /500/],
    ["never answers", /answer/],
    ["exits", /exit|ended|answer/],
  ] as const,
)(
  "a view whose pool's pod %s when it is assigned starts cold instead, and its Events say why",
  async ([oddity, why]) => {
    const gateway = await theGateway();
    await using pool = await Pool.full(gateway, "warm-odd", { base: "duckdb", change: odd(oddity) });
    await using view = await pool.create("claimed-odd");
    const waiting = await pool.podNames();

    const asked = performance.now();
    const answer = await view.ask();

    expect(answer.status, answer.text).toBe(200);
    expect(performance.now() - asked).toBeLessThan(AT_ONCE);
    expect(answer.json().view).toBe(view.name);
    expect(waiting).not.toContain(answer.json().pod);
    expect(await view.resource()).toMatchObject({ start: "cold" });
    const events = await eventsOf(gateway.viewsNamespace, "Service", view.name);
    const failed = events.find(({ reason }) => reason === "AssignmentFailed");
    expect(failed?.message).toMatch(why);
    await until("no pod is left but the one that answers", async () => {
      const names = (await view.pods()).map(({ metadata }) => metadata!.name);
      return names.length === 1 && names[0] === answer.json().pod;
    });
  },
);

test("a pool whose pods keep ending is given up with the cause, and its views start cold", async () => {
  const gateway = await theGateway();
  const { viewsNamespace: namespace } = gateway;
  await using pool = await Pool.of(gateway, "warm-crash", { size: 10, base: "duckdb", change: odd("exits before") });

  const event = await until("the pool is given up", async () => {
    const [job] = await pool.jobs();
    if (job?.spec?.parallelism !== 0) return undefined;
    const events = await eventsOf(namespace, "Job", job.metadata!.name!);
    return events.find(({ type, message }) => type === "Warning" && /exit/.test(message ?? ""));
  }, { within: 60_000 });
  expect(event.message).toContain("3");

  await using view = await pool.create("cold-crash");
  const answer = await view.ask();
  expect(answer.status, answer.text).toBe(200);
  expect(answer.json()).toMatchObject({ view: view.name });
});
