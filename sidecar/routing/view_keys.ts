import type { Sessions } from "../access/sessions.ts";
import { orAborted } from "../async/or_aborted.ts";
import { viewTokenFilter } from "../envoy/view_token_filter.ts";
import type { Xds } from "./publisher.ts";

/** Publishes the public keys of views' cookies to Envoy, and again whenever they change. */
export class ViewKeys {
  readonly #xds: Pick<Xds, "publish">;
  readonly #sessions: Pick<Sessions, "jwks">;
  readonly #known = Promise.withResolvers<void>();
  readonly #end: () => void;

  constructor(xds: Pick<Xds, "publish">, sessions: Pick<Sessions, "jwks" | "onKeys">) {
    this.#xds = xds;
    this.#sessions = sessions;
    this.#end = sessions.onKeys(() => this.#publish());
    this.#publish();
  }

  /** Resolves once there are keys: without them, Envoy does not accept requests. */
  async untilKnown(signal: AbortSignal): Promise<void> {
    await orAborted(this.#known.promise, signal);
  }

  stop(): void {
    this.#end();
  }

  /** While the keys are lost, Envoy goes on with those that it has. */
  #publish(): void {
    const jwks = this.#sessions.jwks();
    if (jwks === undefined) return;
    this.#xds.publish({ set: [viewTokenFilter(jwks)], removed: [] });
    this.#known.resolve();
  }
}
