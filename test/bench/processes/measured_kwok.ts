import { join } from "node:path";
import { clusterDirectory } from "../../../scripts/cluster/cluster_directory.ts";
import { startKwok, stopKwok } from "../../../scripts/cluster/kwok/kwok.ts";
import { Processes } from "../../../scripts/cluster/processes/processes.ts";

/** The programs of Kubernetes' control plane, and kwok, which plays its nodes. */
export const COMPONENTS = ["kube-apiserver", "etcd", "kube-controller-manager", "kube-scheduler", "kwok"] as const;
export type Component = typeof COMPONENTS[number];

/** A cluster of kwok of the bench's own, whose programs are processes of this machine. */
export class MeasuredKwok implements AsyncDisposable {
  readonly kubeconfig: string;
  readonly #name: string;
  readonly #processes: Processes;

  private constructor(name: string, kubeconfig: string) {
    this.#name = name;
    this.kubeconfig = kubeconfig;
    this.#processes = new Processes(clusterDirectory(name));
  }

  static async start(signal: AbortSignal): Promise<MeasuredKwok> {
    const name = `kwok-bench-${Deno.pid}`;
    const { kubeconfig } = await startKwok(signal, { name, owned: true, source: "binaries" });
    return new MeasuredKwok(name, kubeconfig);
  }

  /** @throws Error if it has ended */
  pid(component: Component): number {
    const pid = this.#processes.pid(component);
    if (pid === undefined) throw new Error(`${component} does not run.`);
    return pid;
  }

  runs(component: Component): boolean {
    return this.#processes.pid(component) !== undefined;
  }

  /** All that run, by their names. */
  get pids(): Readonly<Record<Component, number>> {
    return Object.fromEntries(COMPONENTS.map((name) => [name, this.pid(name)])) as Record<Component, number>;
  }

  /** Kills a program. */
  async end(component: Component): Promise<void> {
    await this.#processes.end(component);
  }

  /** Kills a program and starts it again. */
  async restart(component: Component): Promise<void> {
    const program = this.#processes.program(component);
    if (program === undefined) throw new Error(`${component} was never started.`);
    await this.end(component);
    await this.#processes.start(program);
  }

  /** Bytes of etcd's database. */
  async databaseSize(): Promise<number> {
    return (await Deno.stat(join(clusterDirectory(this.#name), "etcd/member/snap/db"))).size;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await stopKwok(this.#name);
  }
}
