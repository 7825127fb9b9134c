import { setTimeout as pause } from "node:timers/promises";
import { afterEach, expect, test } from "vitest";
import { core, ifThere } from "../cluster/cluster.ts";
import { deployBeside, removeBeside, scaleGateway, setVariables } from "../gateway/deployment_beside.ts";
import { type Gateway, theGateway } from "../gateway/gateway.ts";
import { environment } from "../environment.ts";
import { leftOverOf, NOTHING_LEFT } from "../outcome/left_over.ts";
import { printOutcome } from "../outcome/outcome_line.ts";
import { Tally } from "../outcome/tally.ts";
import type { View } from "../gateway/view.ts";

const SKEWED = "view-gateway-skewed";
const SKEW = 5_000;
const VIEWS = 4;
const IDLE_SECONDS = 10;
/** Milliseconds for which all views get requests: leases end, are renewed, and start again. */
const DURATION = 80_000;

/** Goes by a clock that is as far from the node's as this many milliseconds. */
const skewedClock = (skew: number) => `
const real = Date;
globalThis.Date = class Date extends real {
  constructor(...args) { args.length === 0 ? super(real.now() + ${skew}) : super(...args); }
  static now() { return real.now() + ${skew}; }
};
`;

afterEach(async () => {
  const { namespace } = environment();
  await removeBeside(namespace, SKEWED);
  await ifThere(core.deleteNamespacedConfigMap({ namespace, name: SKEWED }));
  await scaleGateway(namespace, 3);
});

for (const skew of [SKEW, -SKEW]) {
  test(`the clock of one of two replicas is ${skew / 1_000} s from the other's`, async () => {
    const gateway = await skewed(await theGateway(), skew);
    expect(gateway.replicas.length).toBe(2);
    const tally = new Tally();
    const views = await Promise.all(
      Array.from({ length: VIEWS }, () => gateway.create("clocks", { idleSeconds: IDLE_SECONDS })),
    );
    // A view is asked for a moment, and then left alone until shortly before or after its lease's end, which is as late as
    // the clock is ahead by which it was renewed.
    const longestRest = IDLE_SECONDS * 1_000 + 3_000 + Math.max(0, skew);
    const pods = new Set<string>();
    const end = performance.now() + DURATION;
    const client = async (view: View, i: number) => {
      for (let turn = i; performance.now() < end; turn++) {
        // Each gateway hears of the other's traffic only from Kubernetes.
        const replica = gateway.replicas[turn % 2]!;
        for (let asked = 0; asked < 20; asked++) {
          const answer = await tally.count(view.askThrough(replica, { path: "/whoami" }));
          if (answer?.status === 200) pods.add(answer.json().pod);
          await pause(5);
        }
        // From shorter than the lease to longer than it, in steps that meet its end.
        await pause(longestRest - (turn * 700 % 4_000));
      }
    };
    await Promise.all(views.map(client));

    const left = await leftOverOf(views);
    printOutcome(`clocks ${skew / 1_000} s apart`, tally, left, { pods: pods.size });
    expect(tally.otherwise).toEqual({});
    expect(pods.size).toBeGreaterThan(VIEWS);
    expect(left).toEqual(NOTHING_LEFT);
  }, 240_000);
}

/** A gateway of two replicas, of which one goes by another clock. */
async function skewed({ namespace }: Gateway, skew: number): Promise<Gateway> {
  await core.createNamespacedConfigMap({
    namespace,
    body: { metadata: { name: SKEWED }, data: { "clock.cjs": skewedClock(skew) } },
  });
  await deployBeside(namespace, SKEWED, (pod) => {
    // The sidecar may read what is below this directory.
    const mountPath = "/var/run/secrets/kubernetes.io/serviceaccount";
    setVariables(pod, { NODE_OPTIONS: `--require ${mountPath}/clock.cjs` });
    const token = pod.volumes!.find(({ name }) => name === "token")!;
    token.projected!.sources!.push({ configMap: { name: SKEWED } });
  });
  await scaleGateway(namespace, 1);
  return await theGateway();
}
