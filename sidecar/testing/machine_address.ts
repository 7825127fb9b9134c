/** An address of this machine that is not the loopback's: no request for a view goes there. */
export const machineAddress: string | undefined = Deno.networkInterfaces()
  .find(({ family, address }) => family === "IPv4" && !/^(127|169\.254)\./.test(address))?.address;
