import { definitions } from "../image/image_definitions.ts";
import type { RequiredTool } from "../needs/needs.ts";
import { ARCHITECTURES, RELEASED } from "./released_images.ts";

/** What a release needs of this machine now. */
export async function releaseNeeds(): Promise<readonly RequiredTool[]> {
  const ofImages = RELEASED.flatMap((name) => {
    const { needs, stageNeeds } = definitions[name];
    return ARCHITECTURES.flatMap((architecture) => [needs?.(architecture) ?? [], stageNeeds?.(architecture) ?? []]);
  });
  return [
    { tool: "git", purpose: "to know the commit" },
    { tool: "apt", purpose: "to download the C library" },
    ...(await Promise.all(ofImages)).flat(),
  ];
}
