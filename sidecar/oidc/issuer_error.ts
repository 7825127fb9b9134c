/** The issuer is away, or answers what it must not. The message ends the sentence `The issuer https://… …`. */
export class IssuerError extends Error {
  override readonly name = "IssuerError";
}

/**
 * What Envoy's own answer says of the issuer, in place of an answer of the issuer: see envoy/issuer_listener.ts.
 * @param failure response flags, response code details, and what has failed below HTTP
 */
export function issuerFailure(failure: string): string {
  const [flags = "", details = "", ...rest] = failure.split(" ");
  const below = rest.join(" ").replaceAll("_", " ").trim();
  const set = new Set(flags.split(","));
  if (/CERTIFICATE/i.test(below)) return `has a certificate that is not accepted: ${certificateFault(below)}`;
  if (/TLS/i.test(below)) return `does not answer by TLS: ${below}`;
  if (set.has("NR") || set.has("NC")) return "cannot be reached yet: Envoy has no route to it";
  if (set.has("UH") || set.has("DF")) return "cannot be reached: its name is unknown to DNS";
  if (set.has("UT")) return "does not answer in time";
  if (/connection_timeout/.test(details)) return "cannot be reached: it does not take the connection in time";
  if (set.has("UF")) return `cannot be reached: ${connectFault(below)}`;
  if (set.has("UC")) return "closes the connection before it has answered";
  if (set.has("UPE")) return "answers what is not HTTP";
  return `cannot be reached: ${details}`;
}

/** BoringSSL names the fault last: `…:CERTIFICATE VERIFY FAILED:verify cert failed: …: certificate has expired:TLS error end` */
function certificateFault(below: string): string {
  const [, fault = below] = /verify cert failed: (.*)$/.exec(below.replace(/:TLS error end$/, "")) ?? [];
  if (fault === "SAN matcher") return "it is for another name";
  return fault.replace(/^X509 verify cert: certificate verification error at depth \d+: /, "");
}

function connectFault(below: string): string {
  return below.replace(/^(delayed|immediate) connect error: /, "").toLowerCase() || "it ends the connection";
}
