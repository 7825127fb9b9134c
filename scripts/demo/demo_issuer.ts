import { forwardPort } from "../cluster/node/node.ts";
import { type DeployedIssuer, deployIssuer, ISSUER_PORT } from "../deploy/example_issuer.ts";
import type { Kubectl } from "../deploy/kubectl.ts";

/** How to sign in as the demo's people. */
export const SIGN_IN_GUIDE =
  `Without the link, sign in at the issuer as ada or ben; each password is the name. ada is in the group analysts, and
may create views. ben is in the group guests, and may open the views that others share with him.`;

/**
 * Starts the example's issuer, and connects its port to this machine. The browser and Envoy know it by one URL: the browser
 * finds its host on this machine, and Envoy is told the Service's address.
 * @param port the gateway's
 * @returns the settings of a gateway at which its people sign in
 */
export async function startIssuer(
  kubectl: Kubectl,
  images: readonly string[],
  port: number,
  signal: AbortSignal,
): Promise<DeployedIssuer["access"]> {
  const { service, access } = await deployIssuer(
    kubectl,
    images,
    [`http://localhost${port === 80 ? "" : `:${port}`}`],
    signal,
  );
  await forwardPort(`127.0.0.1:${ISSUER_PORT}`, service, signal);
  return access;
}
