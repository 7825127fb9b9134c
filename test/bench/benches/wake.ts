import { setTimeout as pause } from "node:timers/promises";
import { deploy, gatewayService, provideImages } from "../../../scripts/deploy/deploy.ts";
import { deployLake, LAKE_IMAGES, LAKE_OVERLAY, lakeTemplates } from "../../../scripts/deploy/example_lake.ts";
import { type Kubectl, kubectlFor } from "../../../scripts/deploy/kubectl.ts";
import { BASE_CPU, defaultTemplate } from "../../../scripts/deploy/kustomize.ts";
import { loadingTemplate } from "../../../scripts/deploy/loading_template.ts";
import { LocalGateway } from "../../../scripts/demo/local_gateway.ts";
import { StartObserver } from "../../../scripts/demo/observe_start.ts";
import { step } from "../../../scripts/process/step.ts";
import { templateOn } from "../../../scripts/deploy/template_on.ts";
import { temporaryDirectory } from "../../../scripts/process/temporary_directory.ts";
import { loadKubeConfig } from "../../../sidecar/kubernetes/credentials.ts";
import { Transport } from "../../../sidecar/kubernetes/transport.ts";
import { freePort } from "../../../scripts/process/free_port.ts";
import {
  borrowNode,
  endForward,
  forwardPort,
  loadImageOnNode,
  type NodeCluster,
} from "../../../scripts/cluster/node/node.ts";
import { ON_SIMULATED_NODE, SimulatedNode } from "../../../scripts/cluster/kwok/simulated_node.ts";
import type { Bench, BenchContext, Measured } from "../bench.ts";
import type { Comparison, Figure } from "../report/comparison.ts";
import { metric } from "../processes/metric.ts";
import { servingSince } from "../processes/serving_since.ts";
import { quantile } from "../report/statistics.ts";

const NAMESPACE = "bench";
const REPLICAS = 3;
const SALES = [{ bucket: "lake", prefix: "sales/2026/" }];

/** A view that has much to load before it listens, as a notebook or a database has. */
const LOADING = "loading";
const LOADS_FOR = 1.5;

/** A view on the simulated node, whose pod has an address after a second, as many a real one, and is ready after another. */
const SIMULATED = "simulated";
const SIMULATED_START = { "kwok/running-after": "1s", "kwok/ready-after": "1s" };

/** Longer than a request may be held. */
const LIMIT = 180_000;

export const wake: Bench = {
  name: "wake",
  title: "A view wakes",
  about:
    `A real node has a gateway of ${REPLICAS} replicas. The first request goes to a sleeping view. The time that Kubernetes
and the container need to start is not the gateway's. The gateway's part begins when the container's port accepts, which the
example page logs, and ends with the answer's first byte. The peer is the time from the same moment until a watch reports that
the kubelet found the pod ready: without own probes no endpoint can serve sooner. The kubelet reports a pod's address up to a
second after its container started. So the time after the port accepts *and* the address is known is measured too.

A hundred pods that start on one node are most of its work. So a hundred views at once are also measured on a second node,
which kwok simulates. Nothing starts in its pods: they get an address after a second and are ready a second later. One small
web server answers for all of them. The gateway then has priority for the processor, as if Kubernetes had cores of its own.
This time lasts from the known address to the first byte.`,
  run,
};

/** One view's start. Moments are in milliseconds since the epoch. */
interface Woken {
  /** -Infinity for what has listened all along. */
  readonly accepted: number;
  /** A slice lists its address. */
  readonly addressed: number | undefined;
  readonly reported: number | undefined;
  readonly answered: number;
}

async function run(context: BenchContext): Promise<Measured> {
  const { quick, signal } = context;
  const kubeconfigBefore = Deno.env.get("KUBECONFIG");
  const listen = `127.0.0.1:${freePort()}`;
  try {
    await using borrowed = await borrowNode(signal);
    const { cluster } = borrowed;
    Deno.env.set("KUBECONFIG", cluster.kubeconfig);
    const kubectl = kubectlFor(cluster);
    const images = await provideImages(["sidecar", "envoy", "example", ...LAKE_IMAGES], loadImageOnNode, signal);
    const lake = await deployLake(kubectl, images, signal);
    const templates = {
      ...await lakeTemplates(),
      [LOADING]: loadingTemplate(await defaultTemplate(), LOADS_FOR),
      [SIMULATED]: templateOn(await defaultTemplate(), ON_SIMULATED_NODE, SIMULATED_START),
    };
    await deploy(
      kubectl,
      {
        overlay: LAKE_OVERLAY,
        namespace: NAMESPACE,
        images,
        ...lake,
        templates,
        replicas: REPLICAS,
        cpu: BASE_CPU,
      },
      signal,
    );
    await forwardPort(listen, await gatewayService(kubectl, NAMESPACE, signal), signal);
    using bench = new WakeBench(new LocalGateway(Number(listen.split(":")[1])), kubectl, signal);

    const alone: Woken[] = [];
    await step("wake: views one after the other", async () => {
      for (let i = 0; i < (quick ? 2 : 12); i++) alone.push(...await bench.wake([`alone-${i}`]));
    });
    const loading: Woken[] = [];
    await step("wake: views that load first, one after the other", async () => {
      for (let i = 0; i < (quick ? 2 : 12); i++) loading.push(...await bench.wake([`loading-${i}`], LOADING));
    });
    const crowd = quick ? 5 : 100;
    const names = Array.from({ length: crowd }, (_, i) => `crowd-${i}`);
    const together = await step(`wake: ${crowd} views at once`, () => bench.wake(names));
    const simulated = await simulatedCrowds(bench, cluster, kubectl, { crowd, quick, signal });
    const requests = quick ? 50 : 1000;
    const stampede = await step(`wake: ${requests} requests at once for one view`, () => bench.stampede(requests));
    return measured({ alone, loading, together, simulated, crowd, stampede, requests });
  } finally {
    await endForward(listen).catch(() => {});
    if (kubeconfigBefore === undefined) Deno.env.delete("KUBECONFIG");
    else Deno.env.set("KUBECONFIG", kubeconfigBefore);
  }
}

/** Views on a node of their own: one after the other, and then all at once. */
interface Round {
  readonly alone: readonly Woken[];
  readonly together: readonly Woken[];
}

/** In turns; none where the node has no network of its own that is reached from here. */
async function simulatedCrowds(
  bench: WakeBench,
  { netns, insideKubeconfig }: NodeCluster,
  kubectl: Kubectl,
  { crowd, quick, signal }: { readonly crowd: number; readonly quick: boolean; readonly signal: AbortSignal },
): Promise<readonly Round[]> {
  if (netns === undefined) return [];
  await using directory = await temporaryDirectory({ prefix: "bench-simulated-" });
  await using _simulated = await SimulatedNode.start({ netns, insideKubeconfig }, kubectl, directory.path, signal);
  const names = Array.from({ length: crowd }, (_, i) => `simulated-${i}`);
  const rounds: Round[] = [];
  for (let round = 0; round < (quick ? 1 : 3); round++) {
    const alone: Woken[] = [];
    await step("wake: simulated pods, one view after the other", async () => {
      for (const name of names.slice(0, quick ? 2 : 12)) alone.push(...await bench.wake([name], SIMULATED));
    });
    const together = await step(`wake: simulated pods, ${crowd} views at once`, () => bench.wake(names, SIMULATED));
    rounds.push({ alone, together });
  }
  return rounds;
}

interface Woke {
  readonly alone: readonly Woken[];
  readonly loading: readonly Woken[];
  readonly together: readonly Woken[];
  readonly simulated: readonly Round[];
  readonly crowd: number;
  readonly stampede: Stampede;
  readonly requests: number;
}

function measured({ alone, loading, together, simulated, crowd, stampede, requests }: Woke): Measured {
  const added = ({ answered, accepted }: Woken) => answered - accepted;
  const beside = (what: string, woken: readonly Woken[]): Comparison => {
    const reported = woken.filter((one): one is Woken & { reported: number } => one.reported !== undefined);
    return {
      ...{ what, measure: "port accepts → first byte", unit: "ms", peer: "the kubelet's report" },
      ours: reported.map(added),
      peers: reported.map(({ reported, accepted }) => reported - accepted),
    };
  };
  const loads = `one view that loads for ${LOADS_FOR} s`;
  const comparisons: Comparison[] = [beside("one view", alone), beside(loads, loading)];
  const p95 = (woken: readonly Woken[]) => quantile(woken.map(added), 0.95);
  const after = afterAddress(alone);
  const at = { what: `${crowd} views at once`, unit: "ms", peer: "one view alone" };
  comparisons.push({
    ...{ ...at, measure: "p95 of port accepts → first byte", ours: [p95(together)], peers: [p95(alone)] },
  }, {
    ...{ ...at, measure: "p95 of port accepts and address known → first byte" },
    ...{ ours: [quantile(afterAddress(together), 0.95)], peers: [quantile(after, 0.95)] },
    goal: { be: "at most", ratio: 2 },
  });
  if (simulated.length > 0) {
    const p95s = (of: keyof Round) => simulated.map((round) => quantile(afterAddress(round[of]), 0.95));
    comparisons.push({
      ...{ ...at, what: `${crowd} views at once on a simulated node`, measure: "p95 of address known → first byte" },
      ...{ ours: p95s("together"), peers: p95s("alone"), goal: { be: "at most", ratio: 2 } },
    });
  }
  const least = Math.min(...stampede.took);
  const figures: Figure[] = [
    {
      ...{ what: "one view", measure: "p50 of port accepts → first byte", unit: "ms" },
      ...{ values: [quantile(alone.map(added), 0.5)], goal: { be: "at most", value: 50 } },
      headline: "From the moment a view's port accepts to the first byte, p50",
    },
    {
      ...{ what: "one view", measure: "p95 of port accepts → first byte", unit: "ms" },
      ...{ values: [p95(alone)], goal: { be: "at most", value: 100 } },
    },
    {
      ...{ what: "one view", measure: "p50 of port accepts and address known → first byte", unit: "ms" },
      ...{ values: [quantile(after, 0.5)], goal: { be: "at most", value: 50 } },
    },
    {
      ...{ what: "one view", measure: "p95 of port accepts and address known → first byte", unit: "ms" },
      ...{ values: [quantile(after, 0.95)], goal: { be: "at most", value: 100 } },
    },
    {
      ...{ what: loads, measure: "p50 of port accepts → first byte", unit: "ms" },
      ...{ values: [quantile(loading.map(added), 0.5)], goal: { be: "at most", value: 50 } },
    },
    {
      ...{ what: loads, measure: "p95 of port accepts → first byte", unit: "ms" },
      ...{ values: [p95(loading)], goal: { be: "at most", value: 100 } },
    },
    {
      ...{ what: `${requests} requests at once for one view`, measure: "Jobs created", unit: "Jobs" },
      ...{ values: [stampede.jobs], goal: { be: "at most", value: 1 } },
    },
    {
      ...{ what: `${requests} requests at once for one view`, measure: "AssumeRoles", unit: "calls" },
      ...{ values: [stampede.assumed], goal: { be: "at most", value: 1 } },
    },
    {
      ...{ what: `${requests} requests at once for one view`, measure: "answered 200", unit: "requests" },
      ...{ values: [stampede.good], goal: { be: "at least", value: requests } },
      headline: `Of ${requests} requests at once for a view that is asleep, answered 200`,
    },
    {
      ...{ what: `${requests} requests at once for one view`, measure: "p99 after the first answer", unit: "ms" },
      ...{ values: [quantile(stampede.took, 0.99) - least], goal: { be: "at most", value: 100 } },
    },
  ];
  return { comparisons, figures };
}

/** What is added when the port accepts and Kubernetes has told the address: the part that a gateway can do about. */
function afterAddress(woken: readonly Woken[]): readonly number[] {
  return woken.flatMap(({ answered, accepted, addressed }) =>
    addressed === undefined ? [] : [answered - Math.max(accepted, addressed)]
  );
}

interface Stampede {
  readonly jobs: number;
  readonly assumed: number;
  readonly good: number;
  /** Milliseconds of each request, from the same beginning. */
  readonly took: readonly number[];
}

/** A gateway on a real node, and what is done with it. */
class WakeBench implements Disposable {
  readonly #gateway: LocalGateway;
  readonly #kubectl: Kubectl;
  readonly #transport = new Transport(loadKubeConfig);
  readonly #signal: AbortSignal;

  constructor(gateway: LocalGateway, kubectl: Kubectl, signal: AbortSignal) {
    this.#gateway = gateway;
    this.#kubectl = kubectl;
    this.#signal = signal;
  }

  /** Creates views, asks for all of them at once, and deletes them. */
  async wake(names: readonly string[], template?: string): Promise<readonly Woken[]> {
    for (const name of names) await this.#create(name, [], template);
    await using observer = await StartObserver.of(this.#transport, NAMESPACE, names);
    const answers = await Promise.all(names.map(async (name) => {
      const answer = await this.#ask(name);
      const answered = now();
      await this.#good(name, answer);
      return { name, answered };
    }));
    // Not before: a kubectl for each view would take the processor from those that still start.
    const woken: Woken[] = [];
    for (const { name, answered } of answers) {
      const accepted = template === SIMULATED ? -Infinity : await this.#accepted(name);
      for (let i = 0; i < 50 && observer.startOf(name).podServing === undefined; i++) await pause(100);
      const { podAddressed, podServing } = observer.startOf(name);
      woken.push({ accepted, answered, addressed: podAddressed, reported: podServing });
    }
    await this.#delete(...names);
    return woken;
  }

  /** So many requests at once for one view with a subset of the lake. */
  async stampede(count: number): Promise<Stampede> {
    const name = "stampede";
    await this.#create(name, SALES);
    const before = { jobs: await this.#sum("launches_total", "created"), assumed: await this.#assumed() };
    const began = now();
    const answers = await Promise.all(Array.from({ length: count }, async () => {
      const answer = await this.#ask(name);
      const took = now() - began;
      await answer.body?.cancel();
      return { status: answer.status, took };
    }));
    const jobs = await this.#sum("launches_total", "created") - before.jobs;
    const assumed = await this.#assumed() - before.assumed;
    await this.#delete(name);
    return {
      ...{ jobs, assumed },
      good: answers.filter(({ status }) => status === 200).length,
      took: answers.map(({ took }) => took),
    };
  }

  #ask(view: string): Promise<Response> {
    const signal = AbortSignal.any([this.#signal, AbortSignal.timeout(LIMIT)]);
    return this.#gateway.fetch(this.#gateway.hostOf(view), "/", { signal });
  }

  async #good(what: string, answer: Response, status = 200): Promise<void> {
    const text = await answer.text();
    if (answer.status !== status) throw new Error(`${what} was answered ${answer.status}: ${text.slice(0, 500)}`);
  }

  async #create(name: string, subsets: typeof SALES, template?: string): Promise<void> {
    await this.#delete(name);
    const answer = await this.#gateway.fetch(this.#gateway.hostOf(), "/_api/views", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ name, subsets, ...template && { template } }),
      signal: this.#signal,
    });
    await this.#good(`View ${name}`, answer, 201);
  }

  /** Of a former run, or of this one; resolves when their pods are gone. */
  async #delete(...names: readonly string[]): Promise<void> {
    const signal = this.#signal;
    const statuses = await Promise.all(names.map(async (name) => {
      const init = { method: "DELETE", signal };
      const answer = await this.#gateway.fetch(this.#gateway.hostOf(), `/_api/views/${name}`, init);
      await answer.body?.cancel();
      return answer.status;
    }));
    if (!statuses.includes(204)) return;
    // One kubectl for all: one for each would take longer than Kubernetes.
    const selector = `--selector=view.yolean.se/name in (${names.join(",")})`;
    const left = ["get", "jobs,pods", `--namespace=${NAMESPACE}`, selector, "--output=name"];
    while ((await this.#kubectl.run(left, { signal })).trim() !== "") await pause(500, undefined, { signal });
  }

  /** When the view's page listened, by its log. */
  async #accepted(view: string): Promise<number> {
    const log = await this.#kubectl.run(["logs", `job/${view}`, `--namespace=${NAMESPACE}`], { signal: this.#signal });
    return servingSince(log);
  }

  #assumed(): Promise<number> {
    return this.#sum("assume_role_total", "succeeded");
  }

  /** A counter of all replicas together. */
  async #sum(name: string, outcome: string): Promise<number> {
    const selected = ["get", "pods", `--namespace=${NAMESPACE}`, "--selector=app.kubernetes.io/name=view-gateway"];
    const { items } = await this.#kubectl.json<{ items: readonly { metadata: { name: string } }[] }>(selected);
    const pages = await Promise.all(
      items.map(({ metadata: { name } }) =>
        this.#kubectl.run(["get", "--raw", `/api/v1/namespaces/${NAMESPACE}/pods/${name}:8082/proxy/metrics`])
      ),
    );
    return pages.reduce((sum, page) => sum + metric(page, `view_gateway_${name}`, outcome), 0);
  }

  [Symbol.dispose](): void {
    this.#gateway[Symbol.dispose]();
    this.#transport.close();
  }
}

/** With fractions, on the clock of the node, which is this machine. */
function now(): number {
  return performance.timeOrigin + performance.now();
}
