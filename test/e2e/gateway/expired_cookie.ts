import { createPrivateKey, type JsonWebKey, sign } from "node:crypto";
import { core } from "../cluster/cluster.ts";
import type { View } from "./view.ts";

/** Where all gateways have the keys that sign views' cookies. */
const SECRET = "view-gateway-keys";

/** How long Envoy takes a cookie. */
const FRESH_SECONDS = 600;

/**
 * The cookie of a person whom the gateway let in to the view, and whose cookie Envoy has not taken any more for so many
 * seconds.
 */
export async function expiredCookie(
  view: View,
  user: string,
  seconds: number,
): Promise<Readonly<Record<string, string>>> {
  const { data } = await core.readNamespacedSecret({ namespace: view.gateway.namespace, name: SECRET });
  const [key] = JSON.parse(Buffer.from(data!.keys!, "base64").toString()) as { id: string; view: JsonWebKey }[];
  const now = Math.floor(Date.now() / 1000);
  const exp = now - seconds;
  const begun = exp - FRESH_SECONDS;
  const claims = {
    ...{ iss: "view-gateway", view: view.name, sub: user, groups: "", by: "oidc" },
    ...{ auth_time: begun, checked_at: begun, until: now + 3_600, exp },
  };
  const signed = [{ alg: "ES256", kid: key!.id, typ: "JWT" }, claims].map(part).join(".");
  const signature = sign("sha256", Buffer.from(signed), {
    key: createPrivateKey({ key: key!.view, format: "jwk" }),
    dsaEncoding: "ieee-p1363",
  });
  return { cookie: `__Host-view=${signed}.${signature.toString("base64url")}` };
}

function part(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}
