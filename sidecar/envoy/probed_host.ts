import type { Address } from "../view/state.ts";

/** A pod's address as a host with its port, such as in the header `PROBED_ADDRESS_HEADER`. */
export function probedHost({ address, port }: Address): string {
  return `${address.includes(":") ? `[${address}]` : address}:${port}`;
}
