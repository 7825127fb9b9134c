import { ok } from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import type { Namespace } from "./namespace.ts";

interface Warning {
  readonly type: string;
  readonly reason: string;
  readonly message: string;
  readonly involvedObject: { readonly kind: string; readonly name: string };
}

/** The Events about views' Services, once there are `count`. */
export async function warnings(namespace: Namespace, count: number): Promise<readonly Warning[]> {
  const until = performance.now() + 5_000;
  while (true) {
    const { items } = await namespace.call("GET", "api/v1/events") as unknown as { items: readonly Warning[] };
    const found = items.filter(({ involvedObject }) => involvedObject.kind === "Service");
    if (found.length >= count) return found;
    ok(performance.now() < until, `${found.length} Events on the Service, not ${count}`);
    await pause(50);
  }
}
