import type { Config } from "@view-gateway/types";
import { isLocalhost } from "../view/localhost.ts";
import { issuerUrlProblem } from "../oidc/issuer_url.ts";

/**
 * What is wrong with the variables of sign-in beside what the schema finds.
 * @param isGiven whether the environment has a value of the member, which may be wrong by itself
 */
export function signInProblems(known: Partial<Config>, isGiven: (member: keyof Config) => boolean): readonly string[] {
  const { authentication, oidcIssuer, oidcPrefix, oidcScopes, oidcAddress } = known;
  const { baseHost, tlsDirectory, xffNumTrustedHops } = known;
  const isPlain = !tlsDirectory && xffNumTrustedHops === 0;
  const issuerProblem = oidcIssuer === undefined ? undefined : issuerUrlProblem(oidcIssuer);
  return [
    // Browsers keep the cookies of sign-in for https and localhost alone.
    ...authentication !== undefined && authentication !== "none" && isPlain && baseHost && !isLocalhost(baseHost)
      ? [
        `TLS_DIRECTORY is missing, and AUTHENTICATION=${authentication} needs https where BASE_HOST (${baseHost}) is not localhost. If a trusted proxy in front of the gateway terminates TLS, set XFF_NUM_TRUSTED_HOPS instead, which is "0"`,
      ]
      : [],
    ...authentication === "oidc"
      ? Object.entries({ OIDC_ISSUER: "oidcIssuer", OIDC_CLIENT_ID: "oidcClientId" } as const)
        .flatMap(([name, member]) => isGiven(member) ? [] : [`${name} is missing, and AUTHENTICATION=oidc needs it`])
      : [],
    ...issuerProblem === undefined ? [] : [`OIDC_ISSUER ${issuerProblem}, but is "${oidcIssuer}"`],
    // A group that the issuer calls `masters` would be allowed everything.
    ...oidcPrefix === "system:"
      ? ['OIDC_PREFIX must not be that of Kubernetes\' own users and groups, but is "system:"']
      : [],
    ...oidcScopes !== undefined && !oidcScopes.split(" ").includes("openid")
      ? [`OIDC_SCOPES must have the scope openid, but is "${oidcScopes}"`]
      : [],
    ...oidcAddress !== undefined && Number(oidcAddress.slice(oidcAddress.lastIndexOf(":") + 1)) > 65_535
      ? [`OIDC_ADDRESS must have a port from 0 to 65535, but is "${oidcAddress}"`]
      : [],
  ];
}
