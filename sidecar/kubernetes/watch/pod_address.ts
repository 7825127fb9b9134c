import { BlockList, isIP } from "node:net";

/**
 * Addresses that lead to the gateway's own pod or node instead of to another pod. Kubernetes keeps the same ones out of
 * Services: ValidateEndpointIP in pkg/apis/core/validation of Kubernetes 1.33. So nobody who can write a pod's status leads
 * Envoy to its own admin interface, or to a cloud's metadata.
 */
const special = new BlockList();
special.addAddress("0.0.0.0", "ipv4");
special.addSubnet("127.0.0.0", 8, "ipv4");
special.addSubnet("169.254.0.0", 16, "ipv4");
special.addSubnet("224.0.0.0", 24, "ipv4");
special.addAddress("::", "ipv6");
special.addAddress("::1", "ipv6");
special.addSubnet("fe80::", 10, "ipv6");
special.addSubnet("ff02::", 16, "ipv6");

/** Whether requests for a view may go to this address. */
export function isPodAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 0 || address.includes("%")) return false;
  return !special.check(address, family === 4 ? "ipv4" : "ipv6");
}
