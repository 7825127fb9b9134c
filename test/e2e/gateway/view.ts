import type { V1Job, V1Pod } from "@kubernetes/client-node";
import { batch, core, ifThere, podsOf } from "../cluster/cluster.ts";
import type { Gateway } from "./gateway.ts";
import { type Answer, ask, type Request } from "../client/http.ts";
import { dataOf, type ViewPatch, type ViewResource, type ViewSpec } from "../client/api_client.ts";
import { Proof } from "../client/proof.ts";
import type { Replica } from "./replica.ts";

export type Spec = Partial<ViewSpec>;

/** The answer of the example page at /whoami. */
export interface Whoami {
  readonly view: string;
  readonly subsets: readonly unknown[];
  readonly pod: string;
  readonly started: string;
  readonly requests: Readonly<Record<string, number>>;
  readonly headers: Readonly<Record<string, readonly string[]>>;
}

/** A view of one story. */
export class View implements AsyncDisposable {
  readonly gateway: Gateway;
  readonly name: string;
  /** That the story's client may open it. */
  readonly proof: Proof;

  constructor(gateway: Gateway, name: string) {
    this.gateway = gateway;
    this.name = name;
    this.proof = new Proof(gateway.token);
  }

  get host(): string {
    return this.gateway.hostOf(this.name);
  }

  ask(request: Request = {}): Promise<Answer> {
    return this.#ask(this.gateway.origin, request);
  }

  async askThrough(replica: Replica, request: Request = {}): Promise<Answer> {
    return await this.#ask(await replica.public(), request);
  }

  async #ask(origin: string, request: Request): Promise<Answer> {
    const headers = { ...this.proof.headers, ...request.headers };
    const answer = await ask(origin, this.host, { ...request, headers });
    this.proof.learn(answer);
    return answer;
  }

  /** Which pod answers for the view. This wakes the view. */
  async whoami(): Promise<Whoami> {
    const answer = await this.ask({ path: "/whoami" });
    if (answer.status !== 200) {
      throw new Error(`${this.host} answered ${answer.status}: ${answer.text}`);
    }
    return answer.json();
  }

  /** The view as the API shows it, at this replica or any. */
  async resource(replica?: Replica): Promise<ViewResource> {
    const path = { name: this.name };
    return dataOf(await this.gateway.client(replica).GET("/_api/views/{name}", { params: { path } }));
  }

  async phase(): Promise<string> {
    return (await this.resource()).phase;
  }

  /** Changes members of the spec by a JSON Merge Patch. */
  async change(body: ViewPatch): Promise<ViewResource> {
    const headers = { "content-type": "application/merge-patch+json" };
    const params = { path: { name: this.name } };
    return dataOf(await this.gateway.client().PATCH("/_api/views/{name}", { params, body, headers }));
  }

  async restart(): Promise<ViewResource> {
    const params = { path: { name: this.name } };
    return dataOf(await this.gateway.client().POST("/_api/views/{name}/restart", { params }));
  }

  job(): Promise<V1Job | undefined> {
    return ifThere(
      batch.readNamespacedJob({
        namespace: this.gateway.viewsNamespace,
        name: this.name,
      }),
    );
  }

  pods(): Promise<readonly V1Pod[]> {
    return podsOf(this.gateway.viewsNamespace, this.name);
  }

  /** Deletes the view as `kubectl delete service` does. */
  async delete(): Promise<void> {
    await ifThere(
      core.deleteNamespacedService({
        namespace: this.gateway.viewsNamespace,
        name: this.name,
      }),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.delete();
  }
}
