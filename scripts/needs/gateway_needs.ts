import { nodeNeeds, type StartNodeOptions } from "../cluster/node/node.ts";
import { LAKE_IMAGES } from "../deploy/example_lake.ts";
import { imageNeeds } from "../image/images.ts";
import type { Needs } from "./needs.ts";

/** The images of a gateway that is tried, and of the examples' views and lake. */
export const GATEWAY_IMAGES = ["sidecar", "envoy", "example", ...LAKE_IMAGES] as const;

/** What a gateway with the examples on the project's node needs now. */
export async function gatewayNeeds(options: StartNodeOptions = {}, signal?: AbortSignal): Promise<Needs> {
  const { needs, hint } = await nodeNeeds(options, signal);
  return { needs: [...needs, ...await imageNeeds(GATEWAY_IMAGES, signal)], hint };
}
