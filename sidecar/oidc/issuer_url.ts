/**
 * What is wrong with the URL of an issuer, as the end of a sentence; undefined where nothing is.
 * https://openid.net/specs/openid-connect-core-1_0.html#Terminology has it: https, without query and fragment.
 */
export function issuerUrlProblem(text: string): string | undefined {
  if (!URL.canParse(text)) return "must be a URL";
  const { protocol, hostname, search, hash, username, password } = new URL(text);
  if (search !== "" || hash !== "") return "must be a URL without query and fragment";
  if (username !== "" || password !== "") return "must be a URL without a user and password";
  if (protocol === "https:") return undefined;
  if (protocol !== "http:") return "must be an https URL";
  return isLocal(hostname) ? undefined : "must be an https URL, since only localhost and Services (*.svc) may be http";
}

/** This machine, or a Service: what is said there without TLS leaves neither machine nor cluster. */
function isLocal(host: string): boolean {
  return /^(.+\.)?localhost$|^127\.[0-9.]+$|^\[::1\]$|\.svc(\.cluster\.local)?$/.test(host);
}
