/** Wakes views and records when each step of a start happens. */
import { setTimeout as pause } from "node:timers/promises";
import type { Kubectl } from "../../../../scripts/deploy/kubectl.ts";
import type { Namespaces } from "../../../../scripts/deploy/namespaces.ts";
import type { LocalGateway } from "../../../../scripts/demo/local_gateway.ts";
import { StartObserver } from "../../../../scripts/demo/observe_start.ts";
import { loadKubeConfig } from "../../../../sidecar/kubernetes/credentials.ts";
import { Transport } from "../../../../sidecar/kubernetes/transport.ts";
import { metric } from "../../processes/metric.ts";
import { servingSince } from "../../processes/serving_since.ts";
import type { Stampede, Woken } from "./wake_results.ts";

export const SALES_2026 = [{ bucket: "lake", prefix: "sales/2026/" }];

type Subsets = readonly { readonly bucket: string; readonly prefix: string }[];

/** Longer than the gateway holds a request. */
const LIMIT = 180_000;

export interface WakeOptions {
  readonly template?: string;
  /** Whether something listens at the pod's address from the start, so that no log says when. */
  readonly listens?: boolean;
}

/** Wakes views of a gateway on a real node, and measures how long each takes. */
export class ViewWaker implements Disposable {
  readonly #gateway: LocalGateway;
  readonly #kubectl: Kubectl;
  readonly #transport = new Transport(loadKubeConfig);
  readonly #namespaces: Namespaces;
  readonly #signal: AbortSignal;

  constructor(gateway: LocalGateway, kubectl: Kubectl, namespaces: Namespaces, signal: AbortSignal) {
    this.#gateway = gateway;
    this.#kubectl = kubectl;
    this.#namespaces = namespaces;
    this.#signal = signal;
  }

  /** Creates views, asks for all of them at once, and deletes them. */
  async wake(
    names: readonly string[],
    { template, listens = false }: WakeOptions = {},
  ): Promise<readonly Woken[]> {
    for (const name of names) await this.#create(name, [], template);
    await using observer = await StartObserver.of(this.#transport, this.#namespaces.views, names);
    const answers = await Promise.all(names.map(async (name) => {
      const answer = await this.#ask(name);
      const answered = now();
      await this.#requireStatus(name, answer);
      return { name, answered };
    }));
    // Only now: a kubectl for each view would take the processor from views that still start.
    const woken: Woken[] = [];
    for (const { name, answered } of answers) {
      const accepted = listens ? -Infinity : await this.#accepted(name);
      for (let i = 0; i < 50 && observer.startOf(name).podServing === undefined; i++) await pause(100);
      const { podAddressed, podServing } = observer.startOf(name);
      woken.push({ accepted, answered, addressed: podAddressed, reported: podServing });
    }
    await this.delete(...names);
    return woken;
  }

  /**
   * Creates views, asks for all of them at once, and answers when each request was sent and answered. The views stay.
   */
  async firstRequests(
    names: readonly string[],
    template: string,
    subsets: Subsets,
  ): Promise<readonly { readonly name: string; readonly sent: number; readonly answered: number }[]> {
    for (const name of names) await this.#create(name, subsets, template);
    // All gateways hear of the last one.
    await pause(100, undefined, { signal: this.#signal });
    return await Promise.all(names.map(async (name) => {
      const sent = now();
      const answer = await this.#ask(name);
      const answered = now();
      await this.#requireStatus(name, answer);
      return { name, sent, answered };
    }));
  }

  /** Sends many requests at once for one view with a subset of the lake. */
  async stampede(count: number): Promise<Stampede> {
    const name = "stampede";
    await this.#create(name, SALES_2026);
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
    await this.delete(name);
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

  async #requireStatus(what: string, answer: Response, status = 200): Promise<void> {
    const text = await answer.text();
    if (answer.status !== status) throw new Error(`${what} was answered ${answer.status}: ${text.slice(0, 500)}`);
  }

  async #create(name: string, subsets: Subsets, template?: string): Promise<void> {
    await this.delete(name);
    const answer = await this.#gateway.api("/_api/views", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ name, subsets, public: true, ...template && { template } }),
      signal: this.#signal,
    });
    await this.#requireStatus(`View ${name}`, answer, 201);
  }

  /** Deletes views of an earlier run, or of this one, and waits until their pods are gone. */
  async delete(...names: readonly string[]): Promise<void> {
    const signal = this.#signal;
    const statuses = await Promise.all(names.map(async (name) => {
      const init = { method: "DELETE", signal };
      const answer = await this.#gateway.api(`/_api/views/${name}`, init);
      await answer.body?.cancel();
      return answer.status;
    }));
    if (!statuses.includes(204)) return;
    // One kubectl for all views: one for each would take longer than Kubernetes.
    const selector = `--selector=view.yolean.se/name in (${names.join(",")})`;
    const left = ["get", "jobs,pods", `--namespace=${this.#namespaces.views}`, selector, "--output=name"];
    while ((await this.#kubectl.run(left, { signal })).trim() !== "") await pause(500, undefined, { signal });
  }

  /** When the view's page listened, by its log. */
  async #accepted(view: string): Promise<number> {
    const log = await this.#kubectl.run(["logs", `job/${view}`, `--namespace=${this.#namespaces.views}`], {
      signal: this.#signal,
    });
    return servingSince(log);
  }

  #assumed(): Promise<number> {
    return this.#sum("assume_role_total", "succeeded");
  }

  /** A counter of all replicas together. */
  async #sum(name: string, outcome: string): Promise<number> {
    const selected = [
      "get",
      "pods",
      `--namespace=${this.#namespaces.gateway}`,
      "--selector=app.kubernetes.io/name=view-gateway",
    ];
    const { items } = await this.#kubectl.json<{ items: readonly { metadata: { name: string } }[] }>(selected);
    const pages = await Promise.all(
      items.map(({ metadata: { name } }) =>
        this.#kubectl.run([
          "get",
          "--raw",
          `/api/v1/namespaces/${this.#namespaces.gateway}/pods/${name}:8082/proxy/metrics`,
        ])
      ),
    );
    return pages.reduce((sum, page) => sum + metric(page, `view_gateway_${name}`, outcome), 0);
  }

  [Symbol.dispose](): void {
    this.#gateway[Symbol.dispose]();
    this.#transport.close();
  }
}

/** The time with fractions of milliseconds. The node has the same clock: it runs on this machine. */
function now(): number {
  return performance.timeOrigin + performance.now();
}
