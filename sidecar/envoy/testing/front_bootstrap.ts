import { fileURLToPath } from "node:url";
import { parse } from "yaml";

/** The folder of the Envoy in front of shards. */
export const FRONT = fileURLToPath(new URL("../../../gateway/overlays/shards/front", import.meta.url));

/** The configuration of the Envoy in front of shards, after changes of its text. */
// deno-lint-ignore no-explicit-any -- Envoy's bootstrap
export async function frontBootstrap(changed: (text: string) => string = (text) => text): Promise<any> {
  return parse(changed(await Deno.readTextFile(`${FRONT}/envoy.yaml`)));
}
