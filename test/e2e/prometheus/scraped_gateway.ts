import { randomUUID } from "node:crypto";
import { rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { core } from "../cluster/cluster.ts";
import { environment } from "../environment.ts";
import { repeatedly } from "../repeatedly.ts";
import { podTargets, type ScrapedPod } from "../../../scripts/prometheus/pod_targets.ts";
import { SHIPPED_POD_MONITOR } from "./pod_monitor.ts";

/** Milliseconds between two looks at the pods. */
const EVERY = 500;

/**
 * Lets Prometheus scrape all pods that a gateway has until the end of the scope. Stories may do so for one gateway at the same
 * time: Prometheus scrapes equal targets once.
 */
export async function scrapedGateway(namespace: string): Promise<AsyncDisposable> {
  const file = join(environment().prometheus!.targets, `${randomUUID()}.json`);
  let written = "";
  const look = async () => {
    const { items } = await core.listNamespacedPod({ namespace });
    const running = items.filter(({ status }) => status?.phase === "Running");
    const text = JSON.stringify(podTargets(SHIPPED_POD_MONITOR, running as readonly ScrapedPod[]));
    if (text === written) return;
    // Prometheus must not read half of it.
    await writeFile(`${file}.new`, text);
    await rename(`${file}.new`, file);
    written = text;
  };
  await look();
  // While the API server is away, the targets stay.
  const looking = repeatedly(() => look().catch(() => {}), EVERY);
  return {
    async [Symbol.asyncDispose]() {
      await looking[Symbol.asyncDispose]();
      await rm(file);
    },
  };
}
