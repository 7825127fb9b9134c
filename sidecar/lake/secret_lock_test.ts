import { deepEqual, equal, notEqual, ok } from "node:assert/strict";
import { pause } from "../async/pause.ts";
import { SecretWrites } from "../kubernetes/write/secret_writes.ts";
import { clusterTest, type Namespace } from "../kubernetes/testing/namespace.ts";
import { Transport } from "../kubernetes/transport.ts";
import { SessionCredentials } from "./session_credentials.ts";
import { type LakeView, Vending } from "./vending.ts";
import { lakeSettings } from "./testing/settings.ts";

/** A replica of the gateway, as far as credentials go, with a connection of its own. */
class Replica {
  readonly vending: Vending;
  readonly #transport: Transport;

  constructor(namespace: Namespace, sts: { calls: number; life: number }) {
    this.#transport = new Transport(namespace.load);
    this.vending = new Vending({
      secrets: new SecretWrites(this.#transport, namespace.name),
      assumeRole: async (_view, _policy, signal) => {
        const call = ++sts.calls;
        await pause(50, signal);
        const keys = { accessKeyId: `AKIA${call}`, secretAccessKey: `hush-${call}`, sessionToken: `token-${call}` };
        return new SessionCredentials(keys, Date.now(), Date.now() + sts.life);
      },
      settings: lakeSettings("http://s3"),
      required: {},
      now: Date.now,
      clock: () => performance.now(),
      random: Math.random,
      pause,
      signal: namespace.signal,
      onFault: (_view, error) => {
        throw error;
      },
      onAssumed: () => {},
    });
  }

  close(): void {
    this.#transport.close();
  }
}

async function withReplicas(
  namespace: Namespace,
  sts: { calls: number; life: number },
  use: (replicas: readonly Vending[]) => Promise<void>,
): Promise<void> {
  const replicas = Array.from({ length: 3 }, () => new Replica(namespace, sts));
  try {
    await use(replicas.map(({ vending }) => vending));
  } finally {
    await Promise.all(replicas.map(({ vending }) => vending.idle()));
    for (const replica of replicas) replica.close();
  }
}

const keyOf = (vended: Awaited<ReturnType<Vending["ensure"]>>) =>
  vended.kind === "ready" ? vended.credentials.keys.accessKeyId : JSON.stringify(vended);

const spec = { subsets: [{ bucket: "lake", prefix: "sales/" }] };

clusterTest("one need is one AssumeRole, however many replicas and requests have it", async (namespace) => {
  const sts = { calls: 0, life: 900_000 };
  const view: LakeView = { name: "hello", uid: await namespace.createService("hello"), spec };
  await withReplicas(namespace, sts, async (replicas) => {
    const all = replicas.flatMap((replica) => Array.from({ length: 50 }, () => replica.ensure(view)));
    deepEqual(new Set((await Promise.all(all)).map(keyOf)), new Set(["AKIA1"]));
    equal(sts.calls, 1);
    const endAt = await replicas[2]!.endAt(view, namespace.signal);
    ok(endAt !== undefined && endAt > Date.now());
  });
});

clusterTest("a renewal is one AssumeRole too", async (namespace) => {
  const sts = { calls: 0, life: 4_000 };
  const view: LakeView = { name: "hello", uid: await namespace.createService("hello"), spec };
  await withReplicas(namespace, sts, async (replicas) => {
    await replicas[0]!.ensure(view);
    sts.life = 900_000;
    await pause(2_100);
    const renewed = await Promise.all(replicas.map((replica) => replica.renew(view)));
    deepEqual(new Set(renewed.map(keyOf)), new Set(["AKIA2"]));
    equal(sts.calls, 2);
  });
});

clusterTest("a new view of the same name gets a Secret of its own", async (namespace) => {
  const sts = { calls: 0, life: 900_000 };
  const former: LakeView = { name: "hello", uid: await namespace.createService("hello"), spec };
  await withReplicas(namespace, sts, async ([replica]) => {
    await replica!.ensure(former);
    await namespace.deleteService("hello");
    const view: LakeView = { ...former, uid: await namespace.createService("hello") };
    notEqual(view.uid, former.uid);
    equal(keyOf(await replica!.ensure(view)), "AKIA2");
  });
});
