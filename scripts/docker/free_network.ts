/** Of 198.18.0.0/15, which is for measurements of networks (RFC 2544): nobody's machines have these addresses. */
const CANDIDATES = Array.from({ length: 256 }, (_, index) => `198.19.${index}`);

/**
 * The first three numbers of a network of 256 addresses that no route of this machine leads to.
 * @param routes destinations, as `ip -json route` has them
 * @throws Error where there is none
 */
export function freeNetwork(routes: readonly string[]): string {
  const free = CANDIDATES.find((network) => !routes.some((route) => route.startsWith(`${network}.`)));
  if (free === undefined) throw new Error("No network of 198.19.0.0/16 is free.");
  return free;
}
