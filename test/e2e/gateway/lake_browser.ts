import { type ApiClient, apiClient } from "../client/api_client.ts";
import { until } from "../until.ts";
import type { Gateway } from "./gateway.ts";
import type { Replica } from "./replica.ts";
import { Stranger } from "./stranger.ts";

/** A service account of a story's own, as a client of the API. */
export class LakeBrowser implements AsyncDisposable {
  /** As grants name it. */
  readonly user: string;
  readonly #gateway: Gateway;
  readonly #stranger: Stranger;

  private constructor(gateway: Gateway, stranger: Stranger) {
    this.#gateway = gateway;
    this.#stranger = stranger;
    this.user = `system:serviceaccount:${gateway.viewsNamespace}:${stranger.name}`;
  }

  /** Somebody who may do nothing yet. */
  static async at(gateway: Gateway): Promise<LakeBrowser> {
    return new LakeBrowser(gateway, await Stranger.in(gateway.viewsNamespace));
  }

  /** The API's client. Each request reaches this replica, or any. */
  through(replica?: Replica): ApiClient {
    const authorization = `Bearer ${this.#stranger.token}`;
    return apiClient((request) =>
      this.#gateway.api({
        ...request,
        headers: { ...request.headers, authorization },
      }, replica)
    );
  }

  /** Lets them create views, and waits until this replica knows it, or all of them. */
  async mayCreate(...replicas: readonly Replica[]): Promise<void> {
    await this.#stranger.mayCreate();
    for (
      const replica of replicas.length > 0 ? replicas : this.#gateway.replicas
    ) {
      const client = this.through(replica);
      const knows = async () => (await client.GET("/_api/lake")).response.status !== 403;
      await until(`${replica.pod} knows the rights`, knows);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stranger[Symbol.asyncDispose]();
  }
}
