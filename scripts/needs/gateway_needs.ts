import { nodeNeeds, type StartNodeOptions } from "../cluster/node/node.ts";
import { LAKE_IMAGES } from "../deploy/example_lake.ts";
import { imageNeeds } from "../image/images.ts";
import type { Needs } from "./needs.ts";

/** The images of a gateway, of the example's views and of its lake. */
export const GATEWAY_IMAGES = ["sidecar", "envoy", "example", ...LAKE_IMAGES] as const;

/** The tools that a gateway with the example needs now, on the project's node. */
export async function gatewayNeeds(options: StartNodeOptions = {}, signal?: AbortSignal): Promise<Needs> {
  const { needs, hint } = await nodeNeeds(options, signal);
  return { needs: [...needs, ...await imageNeeds(GATEWAY_IMAGES, signal)], hint };
}
