import { TOKEN_AUDIENCE } from "../../sidecar/access/authenticator.ts";
import type { Kubectl } from "./kubectl.ts";
import type { Namespaces } from "./namespaces.ts";

/** The user of the demo and the benches: gateway/overlays/demo/views. */
const ACCOUNT = "demo";

/** As long as a session lasts by default. */
const LIFE = "12h";

/** A token of the demo's user. The gateway takes it, and the API server does not. */
export async function demoToken(kubectl: Kubectl, { views }: Namespaces, signal?: AbortSignal): Promise<string> {
  const args = ["create", "token", ACCOUNT, `--namespace=${views}`];
  return (await kubectl.run([...args, `--audience=${TOKEN_AUDIENCE}`, `--duration=${LIFE}`], { signal })).trim();
}
