/** Wakes views from warm pools and views without one, in turns. */
import { setTimeout as pause } from "node:timers/promises";
import type { Kubectl } from "../../../../scripts/deploy/kubectl.ts";
import type { Namespaces } from "../../../../scripts/deploy/namespaces.ts";
import { templateWithCpu } from "../../../../scripts/deploy/template_cpu.ts";
import { warmTemplate } from "../../../../scripts/deploy/warm_template.ts";
import { step } from "../../../../scripts/process/step.ts";
import { loadKubeConfig } from "../../../../sidecar/kubernetes/credentials.ts";
import { Transport } from "../../../../sidecar/kubernetes/transport.ts";
import { inTurns } from "../../load/in_turns.ts";
import type { FirstRequest, PoolSamples } from "./pool_results.ts";
import { PoolWatch } from "./pool_watch.ts";
import { SALES_2026, type ViewWaker } from "./view_waker.ts";

const CONFIG_MAP = "view-gateway-templates";

/** The pods that wait, and the views that wake at once. */
const SIZE = 5;
const CROWD = 20;

/** Milliseconds for the gateways to hear that a pool is full, and for the node to come to rest. */
const REST = 1_000;

/** The smallest request of the node's two cores: forty pods of a view must fit, and all programs beside them. */
const CPU = "10m";

/** The views that are compared, each by the deployed template that both of its own templates are made from. */
const KINDS = [
  { what: "the example page", template: "default", subsets: [] },
  { what: "DuckDB", template: "duckdb", subsets: SALES_2026 },
] as const;

type Kind = typeof KINDS[number];

export interface PoolWakesOptions {
  readonly quick: boolean;
  readonly signal: AbortSignal;
}

/** Measures one kind of view after the other. */
export async function poolWakes(
  waker: ViewWaker,
  kubectl: Kubectl,
  { views: namespace }: Namespaces,
  { quick, signal }: PoolWakesOptions,
): Promise<readonly PoolSamples[]> {
  const transport = new Transport(loadKubeConfig);
  try {
    await using watch = await PoolWatch.of(transport, namespace);
    const samples: PoolSamples[] = [];
    for (const kind of KINDS) {
      const text = await templateText(kubectl, namespace, kind.template);
      const [pooled, cold] = [pooledName(kind), coldName(kind)];
      await setTemplates(kubectl, namespace, { [pooled]: warmTemplate(text, SIZE), [cold]: text });
      samples.push(await samplesOf(kind, waker, watch, { quick, signal }));
      // The pool ends by its lease.
      await setTemplates(kubectl, namespace, { [pooled]: null, [cold]: null });
    }
    return samples;
  } finally {
    transport.close();
  }
}

const pooledName = ({ template }: Kind) => `${template}-pool`;
const coldName = ({ template }: Kind) => `${template}-cold`;

/** A deployed template, whose pods ask for little of the processor. */
async function templateText(kubectl: Kubectl, namespace: string, name: string): Promise<string> {
  const get = ["get", "configmap", CONFIG_MAP, `--namespace=${namespace}`];
  const { data } = await kubectl.json<{ data: Record<string, string> }>(get);
  return templateWithCpu(data[`${name}.yaml`]!, CPU);
}

async function setTemplates(
  kubectl: Kubectl,
  namespace: string,
  texts: Readonly<Record<string, string | null>>,
): Promise<void> {
  const data = Object.fromEntries(Object.entries(texts).map(([name, text]) => [`${name}.yaml`, text]));
  const patch = JSON.stringify({ data });
  await kubectl.run(["patch", "configmap", CONFIG_MAP, `--namespace=${namespace}`, "--type=merge", "--patch", patch]);
}

async function samplesOf(
  kind: Kind,
  waker: ViewWaker,
  watch: PoolWatch,
  { quick, signal }: PoolWakesOptions,
): Promise<PoolSamples> {
  const [pooled, cold] = [pooledName(kind), coldName(kind)];
  const { what, subsets } = kind;
  const refills: number[] = [];
  const wake = async (template: string, round: number, count: number): Promise<readonly FirstRequest[]> => {
    if (template === pooled) {
      await watch.full(pooled, SIZE, signal);
      await pause(REST, undefined, { signal });
    }
    const names = Array.from({ length: count }, (_, i) => `${template}-${count}-${round}-${i}`);
    const asked = await waker.firstRequests(names, template, subsets);
    const woken = asked.map(({ name, ...moments }) => ({ ...moments, claimed: watch.claimedAt(name) }));
    if (template === pooled && count === 1 && woken[0]!.claimed !== undefined) {
      refills.push(await watch.full(pooled, SIZE, signal) - woken[0]!.claimed);
    }
    await waker.delete(...names);
    return woken;
  };
  const turns = (rounds: number, count: number) =>
    inTurns(rounds, (round) => wake(pooled, round, count), (round) => wake(cold, round, count));
  const alone = await step(`wake: ${what}, from a warm pool and cold`, () => turns(quick ? 2 : 12, 1));
  const together = await step(
    `wake: ${what}, ${CROWD} at once from a pool of ${SIZE}`,
    () => turns(quick ? 1 : 2, CROWD),
  );
  return { what, size: SIZE, crowd: CROWD, alone, together, refills };
}
