import { forwardPort } from "../cluster/node/node.ts";
import { type DeployedIssuer, deployIssuer, ISSUER_PORT } from "../deploy/example_issuer.ts";
import type { Kubectl } from "../deploy/kubectl.ts";

/**
 * How to sign in as the demo's people.
 * @param base the URL of the base host
 */
export function signInGuide(base: string): string {
  return `Or sign in as one of two people: open ${base} in a private window, and press "Sign in with your account".
  ada  password ada, group analysts: may create views
  ben  password ben, group guests: may open the views that others share with guests`;
}

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
