import type { KubeConfig } from "@kubernetes/client-node";
import { systemTime } from "../../async/time.ts";
import type { ServiceObject } from "../../view/objects.ts";
import { leaseBounds } from "../../view/testing/lease_bounds.ts";
import { Transport } from "../transport.ts";
import { Reflector, type ReflectorOptions, type Timing } from "../watch/reflector.ts";
import { services as servicesWithin } from "../watch/watched_resource.ts";
import type { Namespace } from "./namespace.ts";

/** Long enough for a busy machine. */
const patient: Partial<Timing> = { watch: 60_000 };
const silent = { onSilence: () => () => undefined };

export const viewServices = servicesWithin(leaseBounds);
export type Raw = Parameters<typeof viewServices.trim>[0];

/** A reflector of views' Services that runs, and what it reports. */
export interface Following extends AsyncDisposable {
  readonly reflector: Reflector<Raw, ServiceObject>;
  /** The reported changes, such as `+a`, `~a` and `-a`. */
  readonly changes: string[];
  readonly problems: string[];
  readonly objects: ReadonlyMap<string, ServiceObject>;
  /** Resolves once the condition holds. */
  until(what: string, condition: () => boolean): Promise<void>;
}

export async function follow(
  { name, signal }: Namespace,
  load: () => KubeConfig,
  options: Partial<ReflectorOptions<Raw, ServiceObject>> = {},
): Promise<Following> {
  const stop = new AbortController();
  signal.addEventListener("abort", () => stop.abort());
  const changes: string[] = [];
  const problems: string[] = [];
  const objects = new Map<string, ServiceObject>();
  const transport = new Transport(load);
  const reflector = new Reflector<Raw, ServiceObject>({
    transport,
    resource: viewServices,
    namespace: name,
    selector: "view.yolean.se/name",
    prober: silent,
    timing: patient,
    time: systemTime,
    onChange: (view, before, after) => {
      changes.push(`${before === undefined ? "+" : after === undefined ? "-" : "~"}${view}`);
      if (after === undefined) objects.delete(view);
      else objects.set(view, after);
    },
    onProblem: (message, error) => problems.push(error === undefined ? message : `${message}: ${error}`),
    ...options,
  });
  const running = reflector.run(stop.signal);
  const until = async (what: string, condition: () => boolean) => {
    const began = performance.now();
    while (!condition()) {
      if (performance.now() - began > 20_000) {
        throw new Error(`Waited 20 s until ${what}; changes: ${changes.join(" ")}; problems: ${problems.join("; ")}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  };
  await until("the first list", () => reflector.state === "watching" || problems.length > 0);
  return {
    reflector,
    changes,
    problems,
    objects,
    until,
    async [Symbol.asyncDispose]() {
      stop.abort();
      await running;
      transport.close();
    },
  };
}
