/** An address of this machine that is not the loopback's: Kubernetes would keep that out of EndpointSlices. */
export const machineAddress: string | undefined = Deno.networkInterfaces()
  .find(({ family, address }) => family === "IPv4" && !/^(127|169\.254)\./.test(address))?.address;
