import { logger } from "../logging.ts";
import { IssuerRoutes } from "../routing/issuer_routes.ts";
import type { IdentityProvider } from "../oidc/identity_provider.ts";
import { Issuer } from "../oidc/issuer.ts";
import { IssuerClient } from "../oidc/issuer_client.ts";
import { OpenIdProvider } from "../oidc/open_id_provider.ts";
import type { AdsServer } from "../xds/ads_server.ts";
import type { AppContext } from "./context.ts";
import type { SidecarPart } from "./lifecycle.ts";

export interface OidcPart extends SidecarPart {
  /** Undefined where nobody signs in at an issuer. */
  readonly provider: IdentityProvider | undefined;
}

/** Builds the client of the issuer. Only people who sign in wait for the issuer. */
export function oidcPart(
  { config, oidc: settings, envoy, metrics, time, signal }: AppContext,
  { ads }: { readonly ads: AdsServer },
): OidcPart {
  if (settings === undefined || envoy.issuer === undefined) return { name: "OpenID Connect", provider: undefined };
  const client = new IssuerClient(config.socketDirectory, time.pause, signal);
  const routes = new IssuerRoutes(ads, envoy.issuer);
  const issuer = new Issuer({
    settings,
    client,
    reach: (origins, signal, limit) => routes.reach(origins, signal, limit),
    onAsked: (succeeded) => metrics.issuerAsked(succeeded),
    log: logger("sign-in"),
    time,
    signal,
  });
  const stop = async () => {
    await issuer.idle();
    client.close();
  };
  return {
    name: "OpenID Connect",
    provider: new OpenIdProvider({ settings, issuer, now: time.now }),
    run: (signal) => issuer.run(signal),
    stop,
  };
}
