import { gatewayNeeds } from "../../scripts/needs/gateway_needs.ts";
import { imageNeeds } from "../../scripts/image/images.ts";
import type { Needs, RequiredTool } from "../../scripts/needs/needs.ts";
import { componentsNeeds } from "../../scripts/cluster/components.ts";
import { kwokNeeds } from "../../scripts/cluster/kwok/kwok.ts";
import { envoyNeeds } from "../../scripts/packages/envoy_binary.ts";
import { minioNeeds } from "../../scripts/packages/minio_binary.ts";
import { peersNeeds } from "./peers.ts";

const h2load: RequiredTool = { tool: "h2load", purpose: "to ask many times at once" };
const chromium: RequiredTool = { tool: "chromium", purpose: "to open the console in" };
const valgrind: RequiredTool = { tool: "valgrind", purpose: "to count Envoy's instructions" };

/** What each bench needs now, by its name. */
const needs: Readonly<Record<string, (signal?: AbortSignal) => Promise<Needs>>> = {
  warm: async () => ({ needs: [...await peersNeeds("http"), ...envoyNeeds(), h2load, valgrind] }),
  hop: async () => ({
    needs: [...await peersNeeds("http"), ...await peersNeeds("knative"), ...envoyNeeds(), h2load],
  }),
  eds: async () => ({ needs: [...await peersNeeds("grpc"), ...envoyNeeds()] }),
  check: async () => ({ needs: await peersNeeds("grpc") }),
  sleeping: async (signal) => {
    const cluster = await kwokNeeds(signal);
    return { ...cluster, needs: [...cluster.needs, ...await peersNeeds("kubernetes"), ...envoyNeeds()] };
  },
  scale: async () => ({ needs: [...await componentsNeeds(), ...envoyNeeds()] }),
  console: async (signal) => {
    const cluster = await kwokNeeds(signal);
    return { ...cluster, needs: [...cluster.needs, ...envoyNeeds(), chromium] };
  },
  wake: (signal) => gatewayNeeds({}, signal),
  lake: async () => ({ needs: [...await minioNeeds(), ...envoyNeeds(), h2load, valgrind] }),
  image: async (signal) => {
    const cluster = await kwokNeeds(signal);
    return { ...cluster, needs: [...cluster.needs, ...await imageNeeds(["sidecar"], signal)] };
  },
};

/** What benches need now. */
export async function benchNeeds(names: readonly string[], signal?: AbortSignal): Promise<Needs> {
  const all: Needs[] = [];
  // One after the other, since several ask Docker for the same.
  for (const name of names) all.push(await needs[name]?.(signal) ?? { needs: [] });
  return { needs: all.flatMap((one) => one.needs), hint: all.find(({ hint }) => hint !== undefined)?.hint };
}
