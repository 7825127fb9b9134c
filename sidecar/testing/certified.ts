import { isIPv4 } from "node:net";
import { join } from "node:path";
import { generate } from "selfsigned";

/** A certificate that signs itself, and its key, as PEM. */
export interface Certified {
  readonly certificate: string;
  readonly key: string;
}

/**
 * @param host a name, or an IPv4 address
 * @param until when it expires; default: in a year
 */
export async function certifiedFor(host: string, until?: Date): Promise<Certified> {
  const made = await generate([{ name: "commonName", value: host }], {
    extensions: [{
      name: "subjectAltName",
      altNames: [isIPv4(host) ? { type: 7, ip: host } : { type: 2, value: host }],
    }],
    ...until && { notBeforeDate: new Date(until.getTime() - 86_400_000), notAfterDate: until },
  });
  return { certificate: made.cert, key: made.private };
}

/** Writes both as files of a Secret of the type kubernetes.io/tls. */
export async function certifiedBy({ certificate, key }: Certified, directory: string): Promise<void> {
  await Deno.writeTextFile(join(directory, "tls.crt"), certificate);
  await Deno.writeTextFile(join(directory, "tls.key"), key);
}
