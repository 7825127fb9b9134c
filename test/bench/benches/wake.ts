import { deploy, gatewayService, provideImages } from "../../../scripts/deploy/deploy.ts";
import { demoToken } from "../../../scripts/deploy/demo_token.ts";
import { deployLake, LAKE_IMAGES, LAKE_OVERLAY, lakeTemplates } from "../../../scripts/deploy/example_lake.ts";
import { type Kubectl, kubectlFor } from "../../../scripts/deploy/kubectl.ts";
import { BASE_CPU, defaultTemplate } from "../../../scripts/deploy/kustomize.ts";
import { namespacesNamed } from "../../../scripts/deploy/namespaces.ts";
import { loadingTemplate } from "../../../scripts/deploy/loading_template.ts";
import { LocalGateway } from "../../../scripts/demo/local_gateway.ts";
import { step } from "../../../scripts/process/step.ts";
import { templateOn } from "../../../scripts/deploy/template_on.ts";
import { temporaryDirectory } from "../../../scripts/process/temporary_directory.ts";
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
import { poolResults } from "./wake/pool_results.ts";
import { poolWakes } from "./wake/pool_wakes.ts";
import { ViewWaker } from "./wake/view_waker.ts";
import { type Round, wakeResults, type Woken } from "./wake/wake_results.ts";

const NAMESPACES = namespacesNamed("bench");
const REPLICAS = 3;

/** A view that loads for a while before it listens, as a notebook or a database does. */
const LOADING = "loading";
const LOADS_FOR = 1.5;

/** A view on the simulated node. Its pod gets an address after a second, as real pods do, and is ready a second later. */
const SIMULATED = "simulated";
const ON_SIMULATED = { template: SIMULATED, listens: true };
const SIMULATED_START = { "kwok/running-after": "1s", "kwok/ready-after": "1s" };

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
This time lasts from the known address to the first byte.

A view whose template has a warm pool wakes with a pod that is started already. It is measured from the request to the first
byte, in turns with a view of the same template without a pool: one view at a time, and 20 at once with 5 pods in the pool, so
that 15 start cold. Each turn waits until the pool is full.`,
  run,
};

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
        namespaces: NAMESPACES,
        images,
        ...lake,
        templates,
        replicas: REPLICAS,
        cpu: BASE_CPU,
      },
      signal,
    );
    await forwardPort(listen, await gatewayService(kubectl, NAMESPACES, signal), signal);
    const gateway = new LocalGateway(Number(listen.split(":")[1]), await demoToken(kubectl, NAMESPACES, signal));
    using waker = new ViewWaker(gateway, kubectl, NAMESPACES, signal);
    return await measure(waker, cluster, kubectl, { quick, signal });
  } finally {
    await endForward(listen).catch(() => {});
    if (kubeconfigBefore === undefined) Deno.env.delete("KUBECONFIG");
    else Deno.env.set("KUBECONFIG", kubeconfigBefore);
  }
}

type Wakes = Pick<BenchContext, "quick" | "signal">;

async function measure(
  waker: ViewWaker,
  cluster: NodeCluster,
  kubectl: Kubectl,
  { quick, signal }: Wakes,
): Promise<Measured> {
  const alone: Woken[] = [];
  await step("wake: views one after the other", async () => {
    for (let i = 0; i < (quick ? 2 : 12); i++) alone.push(...await waker.wake([`alone-${i}`]));
  });
  const loading: Woken[] = [];
  await step("wake: views that load first, one after the other", async () => {
    for (let i = 0; i < (quick ? 2 : 12); i++) {
      loading.push(...await waker.wake([`loading-${i}`], { template: LOADING }));
    }
  });
  const crowd = quick ? 5 : 100;
  const names = Array.from({ length: crowd }, (_, i) => `crowd-${i}`);
  const together = await step(`wake: ${crowd} views at once`, () => waker.wake(names));
  const simulated = await simulatedCrowds(waker, cluster, kubectl, { crowd, quick, signal });
  const requests = quick ? 50 : 1000;
  const stampede = await step(`wake: ${requests} requests at once for one view`, () => waker.stampede(requests));
  // These come last: pods that wait take their share of the node.
  const pools = poolResults(await poolWakes(waker, kubectl, NAMESPACES, { quick, signal }));
  const results = wakeResults({ alone, loading, together, simulated, crowd, stampede, requests }, LOADS_FOR);
  return {
    comparisons: [...results.comparisons, ...pools.comparisons],
    figures: [...results.figures ?? [], ...pools.figures],
  };
}

/** Rounds on the simulated node; none if this process cannot reach the network of the real node. */
async function simulatedCrowds(
  waker: ViewWaker,
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
      for (const name of names.slice(0, quick ? 2 : 12)) alone.push(...await waker.wake([name], ON_SIMULATED));
    });
    const together = await step(`wake: simulated pods, ${crowd} views at once`, () => waker.wake(names, ON_SIMULATED));
    rounds.push({ alone, together });
  }
  return rounds;
}
