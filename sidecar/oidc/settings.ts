import type { Config } from "@view-gateway/types";

/** The issuer, and how the gateway is its client. */
export interface OidcSettings {
  readonly issuer: string;
  readonly clientId: string;
  /** Undefined for a public client. */
  readonly clientSecretFile: string | undefined;
  readonly scopes: string;
  readonly claims: ClaimSettings;
  /** `HOST:PORT` where Envoy reaches the issuer; undefined for that of the issuer's URL. */
  readonly address: string | undefined;
  /** In Envoy's container. */
  readonly caFile: string;
}

/** Which claims are the user and the groups. */
export interface ClaimSettings {
  readonly user: string;
  readonly groups: string;
  /** Precedes each of them. */
  readonly prefix: string;
}

/** Undefined where nobody signs in at an issuer. */
export function oidcSettingsOf(config: Config): OidcSettings | undefined {
  const { authentication, oidcIssuer: issuer, oidcClientId: clientId } = config;
  if (authentication !== "oidc" || issuer === undefined || clientId === undefined) return undefined;
  return {
    issuer,
    clientId,
    clientSecretFile: config.oidcClientSecretFile,
    scopes: config.oidcScopes,
    claims: { user: config.oidcUserClaim, groups: config.oidcGroupsClaim, prefix: config.oidcPrefix },
    address: config.oidcAddress,
    caFile: config.oidcCaFile,
  };
}
