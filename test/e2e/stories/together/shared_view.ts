import { expect, test } from "vitest";
import { ask } from "../../client/http.ts";
import { problemOf } from "../../client/problem.ts";
import { Proof } from "../../client/proof.ts";
import { theGateway } from "../../gateway/gateway.ts";
import { Stranger } from "../../gateway/stranger.ts";
import { until } from "../../until.ts";

test("a view that its owner shares with a group is opened by who is in it, and is not theirs to change", async () => {
  const gateway = await theGateway();
  await using view = await gateway.create("shared");
  await using stranger = await Stranger.in(gateway.viewsNamespace);
  const path = `/_api/views/${view.name}`;
  const type = { "content-type": "application/merge-patch+json" };
  const { headers } = new Proof(stranger.token);
  const open = () => ask(gateway.origin, view.host, { path: "/whoami", headers });
  problemOf(await open(), 403, "forbidden");
  const body = JSON.stringify({ access: { everyone: true } });
  problemOf(await gateway.api({ method: "PATCH", path, headers: { ...type, ...headers }, body }), 403, "forbidden");
  expect(await view.phase()).toBe("asleep");

  const shared = await view.change({ access: { groups: [`system:serviceaccounts:${gateway.viewsNamespace}`] } });
  expect(shared.owner).toBe(`system:serviceaccount:${gateway.viewsNamespace}:demo`);
  // It sleeps still: the stranger wakes it.
  await until("the stranger gets in", async () => (await open()).status === 200);
  // The replica that has probed the pod knows it before the others do, and each request may come to another one.
  await until("the stranger sees that it is awake", async () => {
    return (await ask(gateway.origin, gateway.baseHost, { path, headers })).json().phase === "awake";
  });
  for (const method of ["PATCH", "DELETE"] as const) {
    const answer = await ask(gateway.origin, gateway.baseHost, {
      ...{ method, path, headers: { ...type, ...headers } },
      ...method === "PATCH" && { body: "{}" },
    });
    problemOf(answer, 403, "forbidden");
  }

  const { restartNeeded } = await view.change({ access: null });
  expect(restartNeeded).toBeUndefined();
  await until("the stranger is sent away", async () => (await open()).status === 403);
});
