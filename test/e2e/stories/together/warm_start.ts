import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { expect, test } from "vitest";
import { WebSocket } from "ws";
import { ask } from "../../client/http.ts";
import { objectsOf } from "../../cluster/cluster.ts";
import { theGateway } from "../../gateway/gateway.ts";
import { SALES } from "../../gateway/lake.ts";
import { Pool } from "../../gateway/pool.ts";
import { until } from "../../until.ts";

const IDLE_SECONDS = 10;
/** Seconds that Kubernetes may take to see that a lease is over and to end the pod. */
const MARGIN = 20;

test("a view is served by a pod of its template's warm pool, and the pool is filled again", async () => {
  const gateway = await theGateway();
  // Given a view that sleeps, and pods that wait.
  await using pool = await Pool.full(gateway, "warm", { size: 2 });
  await using view = await pool.create("claimed", { subsets: SALES });
  const waiting = await pool.podNames();

  // When somebody asks for it, then one of them answers as the view, …
  const first = await view.whoami();
  expect(waiting).toContain(first.pod);
  expect(first).toMatchObject({ view: view.name, subsets: SALES, requests: { GET: 1 } });
  expect(await view.resource()).toMatchObject({ start: "warm" });

  // … belongs to the view's Job alone, …
  const pods = await until("the view has no other pod", async () => {
    const pods = await view.pods();
    return pods.length === 1 && pods;
  });
  expect(pods[0]!.metadata).toMatchObject({
    name: first.pod,
    ownerReferences: [{ kind: "Job", name: view.name, controller: true }],
  });

  // … and answers the next request too, through each replica.
  for (const replica of gateway.replicas) {
    expect((await view.askThrough(replica, { path: "/whoami" })).json()).toMatchObject({ pod: first.pod });
  }
  await pool.untilFull();
  expect(await pool.podNames()).not.toContain(first.pod);
});

test("any first request can wake a view from a warm pool: of a stranger, a WebSocket, or one with a body", async () => {
  const gateway = await theGateway();
  await using pool = await Pool.full(gateway, "warm-any", { size: 3 });
  await using shared = await pool.create("claimed-public", { public: true });
  await using socketed = await pool.create("claimed-socket");
  await using posted = await pool.create("claimed-post");
  const waiting = await pool.podNames();

  const stranger = ask(gateway.origin, shared.host, { path: "/whoami" });
  const socket = new WebSocket(`${gateway.origin.replace(/^http/, "ws")}/ws`, {
    headers: { ...socketed.proof.headers, host: socketed.host },
  });
  const hello = once(socket, "message");
  const body = randomBytes(5_000_000);
  const echo = posted.ask({ method: "POST", path: "/echo", body });

  expect((await stranger).json()).toMatchObject({ view: shared.name });
  expect(String((await hello)[0])).toBe(`hello from ${socketed.name}`);
  socket.terminate();
  expect((await echo).json()).toEqual({
    length: body.length,
    sha256: createHash("sha256").update(body).digest("hex"),
  });
  const whoami = await Promise.all([shared, socketed, posted].map((view) => view.whoami()));
  expect(whoami[2]!.requests).toMatchObject({ POST: 1 });
  expect(whoami.map(({ pod }) => pod).sort()).toEqual([...waiting].sort());
});

test("a view from a warm pool falls asleep, wakes from the pool again, and leaves nothing when it is deleted", async () => {
  const gateway = await theGateway();
  await using pool = await Pool.full(gateway, "warm-again");
  await using view = await pool.create("claimed-idle", { idleSeconds: IDLE_SECONDS });
  const first = await view.whoami();

  await until("the view sleeps", async () => await view.phase() === "asleep", {
    within: (IDLE_SECONDS + MARGIN) * 1_000,
  });
  await until("its pod is gone", async () => (await view.pods()).length === 0, { within: MARGIN * 1_000 });
  await pool.untilFull();
  const waiting = await pool.podNames();
  expect(waiting).not.toContain(first.pod);

  const second = await view.whoami();
  expect(waiting).toContain(second.pod);
  expect(second).toMatchObject({ view: view.name, requests: { GET: 1 } });

  // When it is deleted, then its claimed pod goes with it, and the pool's pods stay.
  await view.delete();
  const { viewsNamespace } = gateway;
  await until("nothing is left of it", async () => (await objectsOf(viewsNamespace, view.name)).length === 0);
  await pool.untilFull();
});
