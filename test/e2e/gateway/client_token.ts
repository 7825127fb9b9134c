import { core } from "../cluster/cluster.ts";

/** Whom the stories are: gateway/overlays/demo/views. */
const ACCOUNT = "demo";
const AUDIENCE = "view-gateway";

/** Longer than all stories take. */
const SECONDS = 4 * 3_600;

const tokens = new Map<string, Promise<string>>();

/**
 * A token of a service account, for the gateway alone: the API server does not take it. By default the account may do
 * everything with the views of its namespace.
 */
export function clientToken(namespace: string, account = ACCOUNT, audience = AUDIENCE): Promise<string> {
  const key = JSON.stringify([namespace, account, audience]);
  const token = tokens.get(key) ?? request(namespace, account, audience);
  tokens.set(key, token);
  token.catch(() => tokens.delete(key));
  return token;
}

async function request(namespace: string, name: string, audience: string): Promise<string> {
  const spec = { audiences: [audience], expirationSeconds: SECONDS };
  const { status } = await core.createNamespacedServiceAccountToken({ namespace, name, body: { spec } });
  return status!.token!;
}
