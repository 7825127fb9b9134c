/** Longest RFC 1035 label. */
const MAX_LENGTH = 63;

const LABEL = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;

/** Whether this can name a view: an RFC 1035 label, as Kubernetes asks of a Service's name. */
export function isViewName(name: string): boolean {
  return name.length <= MAX_LENGTH && LABEL.test(name);
}

/**
 * The view that a request's Host (or :authority) names: `hello` for `Hello.localhost:8080` below the base host
 * `localhost`; undefined where it names none.
 */
export function viewOfHost(host: string, baseHost: string): string | undefined {
  const lower = host.toLowerCase().replace(/:[0-9]*$/, "").replace(/\.$/, "");
  const suffix = "." + baseHost;
  if (!lower.endsWith(suffix)) return undefined;
  const name = lower.slice(0, -suffix.length);
  return isViewName(name) ? name : undefined;
}
