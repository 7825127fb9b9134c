import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "vitest";
import { core } from "../cluster/cluster.ts";
import { connectionsTo, cutConnections } from "../node/connections.ts";
import { type Gateway, theGateway, uniqueName } from "../gateway/gateway.ts";
import { processOf } from "../node/gateway_process.ts";
import { viewManifest } from "../cluster/kubectl.ts";
import { leftOverOf, NOTHING_LEFT } from "../outcome/left_over.ts";
import { restartProgram } from "../node/node_program.ts";
import { printOutcome } from "../outcome/outcome_line.ts";
import { filterPackets } from "../node/packet_filter.ts";
import { repeatedly } from "../repeatedly.ts";
import type { Replica } from "../gateway/replica.ts";
import { oneOf, random } from "../seed.ts";
import { Tally } from "../outcome/tally.ts";
import { until } from "../until.ts";
import { View } from "../gateway/view.ts";

/** As pods see the API server: its Service, and what that stands for. */
const SERVICE_PORT = 443;
const API_SERVER_PORT = 6443;
/** Milliseconds after which a silent watch starts again: 60 s, a fifth more, and 10 s. */
const SILENCE = 75_000;
/** Milliseconds between two requests of one client. */
const PACE = 20;

/** A gateway of which one replica's watches break, and a client who asks it for a view that is awake all the while. */
async function whileBroken(
  name: string,
  within: number,
  breakWatches: (replica: Replica, ip: string) => Promise<AsyncDisposable>,
  meanwhile: () => Promise<void> = () => Promise.resolve(),
): Promise<void> {
  const gateway = await theGateway();
  const replica = oneOf(random(), gateway.replicas);
  const { namespace } = gateway;
  const { podIP } = (await core.readNamespacedPod({ namespace, name: replica.pod })).status!;
  const view = await gateway.create(`${name}-awake`);
  const gone = await gateway.create(`${name}-gone`);
  await Promise.all([view.whoami(), gone.whoami()]);
  const tally = new Tally();
  const client = repeatedly(() => tally.count(view.askThrough(replica)), PACE);
  const added = new View(gateway, uniqueName(`${name}-added`));
  let took: number;
  try {
    const broken = await breakWatches(replica, podIP!);
    const began = performance.now();
    try {
      // Past the gateways: this one has no API server to ask.
      await core.createNamespacedService({
        namespace: gateway.viewsNamespace,
        body: viewManifest(added.name, '{"subsets":[]}'),
      });
      await gone.delete();
      await meanwhile();
      await inStep(gateway, replica, added, gone, within);
    } finally {
      await broken[Symbol.asyncDispose]();
    }
    took = Math.round(performance.now() - began);
  } finally {
    await client[Symbol.asyncDispose]();
  }

  const left = await leftOverOf([view, gone, added]);
  printOutcome(`watches ${name}`, tally, left, { "ms until it was in step": took });
  expect(tally.otherwise).toEqual({});
  expect(left).toEqual(NOTHING_LEFT);
}

/** Waits until a replica knows that one view was created, and wakes it, and that another was deleted. */
async function inStep(gateway: Gateway, replica: Replica, added: View, gone: View, within: number): Promise<void> {
  const statusOf = async (view: View) =>
    (await view.askThrough(replica, { signal: AbortSignal.timeout(20_000) }).catch(() => undefined))?.status;
  await until(
    `${replica.pod} of ${gateway.namespace} is in step`,
    async () => await statusOf(gone) === 404 && await statusOf(added) === 200,
    { within, every: 250 },
  );
}

test("the connections of a replica's watches are cut", async () => {
  await whileBroken("cut", 15_000, async (replica) => {
    const cut = await cutConnections(SERVICE_PORT, await processOf(replica.pod, "sidecar"));
    expect(cut).toBeGreaterThan(0);
    return { [Symbol.asyncDispose]: () => Promise.resolve() };
  });
}, 240_000);

test("a replica's watches are open and silent", async () => {
  await whileBroken("silent", SILENCE, async (replica, ip) => {
    const from = await connectionsTo(SERVICE_PORT, await processOf(replica.pod, "sidecar"));
    expect(from.length).toBeGreaterThan(0);
    return await filterPackets({ pod: ip, port: API_SERVER_PORT, from }, "silent");
  });
}, 240_000);

test("a replica misses so many changes that its watches cannot continue", async () => {
  let filter: AsyncDisposable | undefined;
  await whileBroken("compacted", SILENCE, async (_replica, ip) => {
    filter = await filterPackets({ pod: ip, port: API_SERVER_PORT }, "silent");
    return { [Symbol.asyncDispose]: () => filter![Symbol.asyncDispose]() };
  }, async () => {
    // An API server has the changes since its own start. It answers 410 to a watch from before that.
    await pause(2_000);
    await restartProgram("kube-apiserver");
    await filter![Symbol.asyncDispose]();
  });
}, 240_000);
