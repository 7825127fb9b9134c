import type { V1ConfigMap } from "@kubernetes/client-node";
import { isDeepStrictEqual } from "node:util";
import type { Time } from "../async/time.ts";
import { type Grants, grantsIn, noGrants } from "../view/grants.ts";
import type { Prober } from "./prober.ts";
import type { Transport } from "./transport.ts";
import { Reflector, type Timing } from "./watch/reflector.ts";
import type { ConfigMapObject } from "./watch/trim.ts";
import { configMaps } from "./watch/watched_resource.ts";

export interface WatchedGrantsOptions {
  readonly transport: Transport;
  readonly prober: Pick<Prober, "onSilence">;
  readonly namespace: string;
  /** Empty where nothing is bounded. */
  readonly configMap: string;
  /** Called with each change, and once with what the first list says. */
  readonly onChange: (grants: Grants) => void;
  /** Reports each failure of the watch, which goes on. */
  readonly onProblem: (message: string, error: unknown) => void;
  readonly time: Time;
  readonly timing?: Partial<Timing>;
}

/** The grants in a ConfigMap, as they are now. */
export class WatchedGrants {
  readonly #options: WatchedGrantsOptions;
  readonly #reflector: Reflector<V1ConfigMap, ConfigMapObject> | undefined;
  #current: Grants;

  constructor(options: WatchedGrantsOptions) {
    const { namespace, configMap, onChange: _, ...rest } = options;
    this.#options = options;
    this.#current = noGrants(configMap);
    this.#reflector = configMap === "" ? undefined : new Reflector<V1ConfigMap, ConfigMapObject>({
      ...rest,
      resource: configMaps,
      namespace,
      selector: "",
      // With the name, RBAC can allow the list and the watch of this one object.
      fieldSelector: `metadata.name=${configMap}`,
      onChange: (_name, _before, after) => this.#set(grantsIn(configMap, after?.data)),
    });
  }

  get current(): Grants {
    return this.#current;
  }

  /** Watches until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    if (this.#reflector === undefined) return;
    const before = this.#current;
    const watching = this.#reflector.run(signal);
    await Promise.race([watching, this.#reflector.synced]);
    // The list has no such object.
    if (!signal.aborted && this.#current === before) this.#set(grantsIn(this.#options.configMap, undefined));
    await watching;
  }

  #set(grants: Grants): void {
    if (isDeepStrictEqual(grants, this.#current)) return;
    this.#current = grants;
    this.#options.onChange(grants);
  }
}
