import { Deadline } from "../async/deadline.ts";
import { issuerResources } from "../envoy/issuer_listener.ts";
import type { IssuerUpstream } from "../envoy/settings.ts";
import type { Resource } from "../proto/resource.ts";
import type { Xds } from "./publisher.ts";

/** Milliseconds that Envoy may take. A person waits. */
const LIMIT = 5_000;

/** Gives Envoy a way to each origin at which the sidecar asks the issuer, and to no other. */
export class IssuerRoutes {
  readonly #xds: Pick<Xds, "publish" | "untilAcked">;
  readonly #issuer: IssuerUpstream;
  #published: readonly Resource[] = [];

  constructor(xds: Pick<Xds, "publish" | "untilAcked">, issuer: IssuerUpstream) {
    this.#xds = xds;
    this.#issuer = issuer;
  }

  /**
   * Resolves once Envoy has taken them.
   * @param limit milliseconds
   * @throws Error whose message says what Envoy does instead
   */
  async reach(origins: readonly string[], signal: AbortSignal, limit: number = LIMIT): Promise<void> {
    const set = issuerResources(this.#issuer, origins);
    const kept = new Set(set.map(idOf));
    const removed = this.#published.filter((resource) => !kept.has(idOf(resource)));
    this.#published = set;
    this.#xds.publish({ set, removed });
    using deadline = new Deadline(signal, limit);
    try {
      await Promise.all(
        set.map(({ type, name, version }) => this.#xds.untilAcked(type, name, version, deadline.signal)),
      );
    } catch (error) {
      if (deadline.passed) throw new Error("Envoy has not accepted the route to the issuer in time", { cause: error });
      throw error;
    }
  }
}

function idOf({ type, name }: Resource): string {
  return `${type} ${name}`;
}
