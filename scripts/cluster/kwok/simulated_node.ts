/**
 * A second node that kwok simulates beside the real one. Nothing starts in its pods, so they cost this machine nothing, and
 * yet they answer: their addresses lead to the real node, where one small web server answers for all of them. Meanwhile the
 * real node's pods have priority on the processor, as if Kubernetes had cores of its own.
 */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runCommand } from "../../process/command.ts";
import type { Kubectl } from "../../deploy/kubectl.ts";
import { weighPods } from "../node/cgroup.ts";
import { components } from "../components.ts";
import { kwokConfiguration } from "./kwok_configuration.ts";
import type { NodeCluster } from "../node/node.ts";
import { Processes } from "../processes/processes.ts";
import { until } from "../../process/until.ts";

const NAME = "simulated";

/** The weight of the real node's pods, in cores: all other programs wait for them. */
const FIRST = 256;

/** The addresses of its pods. Neither the real node's pods nor Services have these. */
const POD_NETWORK = "10.200.0.0/16";
const FIRST_ADDRESS = "10.200.0.1/16";

/** Where its pods answer, whatever they are asked. */
const PORT = 8080;

/** What a pod needs to run on this node. Other pods do not come to it. */
export const ON_SIMULATED_NODE = {
  nodeSelector: { "kubernetes.io/hostname": NAME },
  tolerations: [{ key: NAME, operator: "Exists" }],
};

export class SimulatedNode implements AsyncDisposable {
  readonly #processes: Processes;
  readonly #netns: string;
  readonly #kubectl: Kubectl;

  private constructor(directory: string, netns: string, kubectl: Kubectl) {
    this.#processes = new Processes(directory);
    this.#netns = netns;
    this.#kubectl = kubectl;
  }

  /** @param directory for its files, which nobody needs afterwards */
  static async start(
    { netns, insideKubeconfig }: Pick<NodeCluster, "insideKubeconfig"> & { readonly netns: string },
    kubectl: Kubectl,
    directory: string,
    signal?: AbortSignal,
  ): Promise<SimulatedNode> {
    const node = new SimulatedNode(directory, netns, kubectl);
    try {
      await node.#start(insideKubeconfig, directory, signal);
      return node;
    } catch (error) {
      await node[Symbol.asyncDispose]();
      throw error;
    }
  }

  async #start(kubeconfig: string, directory: string, signal?: AbortSignal): Promise<void> {
    await weighPods(FIRST);
    await this.#route("replace", signal);
    const inside = ["nsenter", `--net=${this.#netns}`, "--"] as const;
    const server = fileURLToPath(new URL("simulated_pods.ts", import.meta.url));
    await this.#processes.start({
      name: "pods",
      command: [...inside, Deno.execPath(), "run", "--no-config", "--allow-net=0.0.0.0", server, String(PORT)],
    });
    await Deno.writeTextFile(join(directory, "kwok.yaml"), kwokConfiguration());
    await this.#processes.start({
      name: "kwok",
      command: [
        ...inside,
        join((await components(signal)).directory, "kwok"),
        ...[`--config=${join(directory, "kwok.yaml")}`, `--kubeconfig=${kubeconfig}`],
        ...[`--manage-single-node=${NAME}`, `--cidr=${FIRST_ADDRESS}`],
      ],
      // By default kwok reads and writes below the home directory.
      env: { KWOK_WORKDIR: join(directory, "kwok") },
    });
    const manifest = join(directory, "node.json");
    await Deno.writeTextFile(
      manifest,
      JSON.stringify({
        apiVersion: "v1",
        kind: "Node",
        metadata: { name: NAME, labels: { "kubernetes.io/hostname": NAME } },
        spec: { taints: [{ key: NAME, effect: "NoSchedule" }] },
      }),
    );
    await this.#kubectl.run(["apply", `--filename=${manifest}`], { signal });
    await this.#kubectl.run(["wait", `node/${NAME}`, "--for=condition=Ready", "--timeout=30s"], { signal });
    await until("simulated pods answer", async () => {
      await this.#processes.requireAlive();
      return (await this.#processes.logTail("pods")).includes("listening");
    }, { milliseconds: 10_000, signal, explain: () => this.#processes.logTail("pods") });
  }

  /** Adds or deletes the route that makes the addresses of its pods local. */
  async #route(verb: "replace" | "delete", signal?: AbortSignal): Promise<void> {
    const route = ["route", verb, "local", POD_NETWORK, "dev", "lo"];
    await runCommand("nsenter", [`--net=${this.#netns}`, "--", "ip", ...route], { signal });
  }

  /** Kubernetes deletes pods of a node that is gone. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#kubectl.run(["delete", `node/${NAME}`, "--ignore-not-found"]).catch(() => {});
    await this.#processes.endAll();
    await this.#route("delete").catch(() => {});
    await weighPods(navigator.hardwareConcurrency);
  }
}
