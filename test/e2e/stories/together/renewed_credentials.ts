import { readFile } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "vitest";
import { core } from "../../cluster/cluster.ts";
import { environment } from "../../environment.ts";
import { theGateway } from "../../gateway/gateway.ts";
import { SALES } from "../../gateway/lake.ts";
import { Pool } from "../../gateway/pool.ts";
import type { View } from "../../gateway/view.ts";
import { processesOfPod } from "../../node/pod_process.ts";
import { until } from "../../until.ts";

const HOUR = 3_600_000;

/** The kubelet alone takes a minute or two. */
const SOON = 20_000;

/** A pod younger than this reads its Secret for the first time. */
const YOUNG = 8_000;

test.skipIf(!environment().direct).for(["claimed", "started"] as const)(
  "renewed credentials reach a pod that was %s for its view within seconds",
  async (how) => {
    const gateway = await theGateway();
    await using pool = how === "claimed" ? await Pool.full(gateway, "warm-renewed") : undefined;
    await using view = await (pool ?? gateway).create(how, { subsets: SALES });
    const { pod, started } = await view.whoami();
    const first = await secretOf(view);
    expect(await credentialsIn(pod)).toBe(first.credentials);

    await pause(Math.max(0, Date.parse(started) + YOUNG - Date.now()));

    // When half of their life is over, and the gateways look at the view anew, …
    await age(view);
    await view.change({ idleSeconds: 500 });

    // … then the pod that serves has the new ones soon.
    const second = await until("the credentials are renewed", async () => {
      const secret = await secretOf(view);
      return secret.credentials !== first.credentials && secret;
    });
    await until("the pod has them", async () => await credentialsIn(pod) === second.credentials, { within: SOON });
    expect((await view.whoami()).pod).toBe(pod);
    const [{ metadata } = {}] = await view.pods();
    const end = metadata?.annotations?.["view.yolean.se/credentials-end"];
    expect(Date.parse(end ?? "")).toBe(Date.parse(second.end));
  },
);

async function secretOf(view: View): Promise<{ readonly credentials: string; readonly end: string }> {
  const { viewsNamespace: namespace } = view.gateway;
  const { data, metadata } = await core.readNamespacedSecret({ namespace, name: view.name });
  return {
    credentials: Buffer.from(data!.credentials!, "base64").toString(),
    end: metadata!.annotations!["view.yolean.se/credentials-end-at"]!,
  };
}

/** Sets back when a view's credentials were made. */
async function age(view: View): Promise<void> {
  const value = new Date(Date.now() - 2 * HOUR).toISOString();
  await core.patchNamespacedSecret({
    namespace: view.gateway.viewsNamespace,
    name: view.name,
    body: [{ op: "replace", path: "/metadata/annotations/view.yolean.se~1credentials-made-at", value }],
  });
}

/** The credentials in a pod's file. */
async function credentialsIn(pod: string): Promise<string> {
  const [process] = await processesOfPod(pod);
  return await readFile(`/proc/${process}/root/var/run/secrets/view.yolean.se/lake/credentials`, "utf8");
}
