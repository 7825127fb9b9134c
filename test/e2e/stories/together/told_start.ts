import { expect, test } from "vitest";
import { problemOf } from "../../client/problem.ts";
import { Proof } from "../../client/proof.ts";
import { ask } from "../../client/http.ts";
import { type Gateway, theGateway } from "../../gateway/gateway.ts";
import { Pool } from "../../gateway/pool.ts";
import type { Replica } from "../../gateway/replica.ts";
import { Stranger } from "../../gateway/stranger.ts";
import { until } from "../../until.ts";
import type { View } from "../../gateway/view.ts";

/** A view's last start, as the API tells it. */
interface ToldStart {
  readonly at: string;
  readonly start?: string;
  readonly outcome: string;
  readonly steps: readonly { readonly step: string; readonly seconds: number }[];
}

const COLD = ["no pod", "scheduling", "creating container", "waiting for readiness", "connecting"];

const told = async (gateway: Gateway, view: View, replica: Replica) =>
  (await gateway.api({ path: `/_api/views/${view.name}` }, replica)).json();

/** The start that this replica tells, once it is over. */
function startOver(gateway: Gateway, view: View, replica: Replica): Promise<ToldStart> {
  return until(`${replica.pod} tells of a start that is over`, async () => {
    const { lastStart } = await told(gateway, view, replica);
    return lastStart !== undefined && lastStart.outcome !== "under way" && lastStart;
  });
}

const secondsOf = ({ steps }: ToldStart) => steps.reduce((sum, { seconds }) => sum + seconds, 0);

test("each replica tells the steps of a cold start, which take about as long as the request waits, also when it sleeps", async () => {
  const gateway = await theGateway();
  const [replica] = gateway.replicas;
  await using view = await gateway.create("told");
  expect(await told(gateway, view, replica!)).not.toHaveProperty("lastStart");

  const asked = performance.now();
  expect((await view.askThrough(replica!, { path: "/whoami" })).status).toBe(200);
  const waited = (performance.now() - asked) / 1000;

  const start = await startOver(gateway, view, replica!);
  expect(start).toMatchObject({ start: "cold", outcome: "awake" });
  expect(COLD).toEqual(expect.arrayContaining(start.steps.map(({ step }) => step)));
  expect(start.steps.at(-1)?.step).toBe("connecting");
  expect(secondsOf(start)).toBeLessThanOrEqual(waited + 0.01);
  expect(secondsOf(start)).toBeGreaterThan(waited / 2);
  const { lastRequestAt } = await told(gateway, view, replica!);
  expect(Date.parse(lastRequestAt)).toBeGreaterThan(Date.now() - 60_000);

  for (const other of gateway.replicas.slice(1)) {
    expect(await startOver(gateway, view, other)).toMatchObject({ start: "cold", outcome: "awake" });
  }
  await gateway.api({ method: "POST", path: `/_api/views/${view.name}/sleep` }, replica!);
  const asleep = await until("it sleeps", async () => {
    const seen = await told(gateway, view, replica!);
    return seen.phase === "asleep" && seen;
  });
  expect(asleep.lastStart).toEqual(start);
});

test("a warm start has its own steps", async () => {
  const gateway = await theGateway();
  const [replica] = gateway.replicas;
  await using pool = await Pool.full(gateway, "told-warm");
  await using view = await pool.create("told-claimed");
  expect((await view.askThrough(replica!, { path: "/whoami" })).status).toBe(200);

  const start = await startOver(gateway, view, replica!);
  expect(start).toMatchObject({ start: "warm", outcome: "awake" });
  expect(["no pod", "assigning", "connecting"]).toEqual(expect.arrayContaining(start.steps.map(({ step }) => step)));
});

test("who owns a view reads in the API what its container logged before it crashed; who shares it does not", async () => {
  const gateway = await theGateway();
  await using stranger = await Stranger.in(gateway.viewsNamespace);
  const access = { users: [`system:serviceaccount:${gateway.viewsNamespace}:${stranger.name}`] };
  await using view = await gateway.create("told-crash", { template: "crashes", access });
  const problem = problemOf(await view.ask(), 503, "view-failed");

  const path = `/_api/views/${view.name}`;
  const failed = await until("the API says that it has failed", async () => {
    const answer = (await gateway.api({ path })).json();
    return answer.phase === "failed" && answer.logLines !== undefined && answer;
  });
  expect(failed.lastStart).toMatchObject({ outcome: "failed" });
  expect(failed.lastStart.steps.at(-1)).toMatchObject({ step: "waiting for readiness" });
  expect(problem.detail).toContain(failed.logLines.at(-1));

  const { headers } = new Proof(stranger.token);
  const shared = (await ask(gateway.origin, gateway.baseHost, { path, headers })).json();
  expect(shared).toMatchObject({ phase: "failed", cause: failed.cause });
  expect(shared).not.toHaveProperty("logLines");
});
