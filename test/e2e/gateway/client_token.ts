import { core } from "../cluster/cluster.ts";

/** Whom the stories are: gateway/overlays/demo/views. */
const ACCOUNT = "demo";
const AUDIENCE = "view-gateway";

/** Longer than all stories take. */
const SECONDS = 4 * 3_600;

const tokens = new Map<string, Promise<string>>();

/** A token of the service account that may do everything with the views of a namespace. The API server does not take it. */
export function clientToken(namespace: string): Promise<string> {
  const token = tokens.get(namespace) ?? request(namespace);
  tokens.set(namespace, token);
  token.catch(() => tokens.delete(namespace));
  return token;
}

async function request(namespace: string): Promise<string> {
  const spec = { audiences: [AUDIENCE], expirationSeconds: SECONDS };
  const { status } = await core.createNamespacedServiceAccountToken({ namespace, name: ACCOUNT, body: { spec } });
  return status!.token!;
}
