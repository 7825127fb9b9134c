/** Longest RFC 1035 label. */
const MAX_LENGTH = 63;

const LABEL = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;

/** Whether a view can have this name: an RFC 1035 label, as for any Service. */
export function isViewName(name: string): boolean {
  return name.length <= MAX_LENGTH && LABEL.test(name);
}

/**
 * The view's name in a request's Host (or :authority): `hello` for `Hello.localhost:8080` and the base host `localhost`;
 * undefined if there is none.
 */
export function viewOfHost(host: string, baseHost: string): string | undefined {
  const lower = host.toLowerCase().replace(/:[0-9]*$/, "").replace(/\.$/, "");
  const suffix = "." + baseHost;
  if (!lower.endsWith(suffix)) return undefined;
  const name = lower.slice(0, -suffix.length);
  return isViewName(name) ? name : undefined;
}
