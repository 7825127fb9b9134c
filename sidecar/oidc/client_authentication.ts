import { type ClientAuth, ClientSecretBasic, ClientSecretPost, None, type ServerMetadata } from "openid-client";
import { clientSecret } from "./client_secret.ts";
import type { OidcSettings } from "./settings.ts";

/**
 * How the gateway shows the issuer that it is the client. The secret is read for each request, so that a new one counts at
 * once. https://openid.net/specs/openid-connect-core-1_0.html#ClientAuthentication
 */
export function clientAuthentication(
  { clientSecretFile }: Pick<OidcSettings, "clientSecretFile">,
  { token_endpoint_auth_methods_supported: supported }: ServerMetadata,
): ClientAuth {
  if (clientSecretFile === undefined) return None();
  // Basic is what an issuer supports that names no methods.
  const by = supported === undefined || supported.includes("client_secret_basic")
    ? ClientSecretBasic
    : ClientSecretPost;
  return async (...request) => await by(await clientSecret(clientSecretFile))(...request);
}
