/** Characters of a path to return to; a longer one would not fit into the addresses that carry it. */
const LONGEST = 2_048;

/**
 * The path of a page to return to; undefined where it is none. Each redirect has a host of the gateway before it, so no
 * path leads elsewhere. A path that looks like a host is refused all the same.
 */
export function returnPath(text: string): string | undefined {
  // Browsers drop tabs and line ends, and take \ for /: https://url.spec.whatwg.org/#concept-basic-url-parser
  // deno-lint-ignore no-control-regex -- none of them can be in a path
  if (text.length > LONGEST || !text.startsWith("/") || /[\u0000-\u0020\u007f\\]/.test(text)) return undefined;
  const base = "http://host.invalid";
  if (!URL.canParse(text, base)) return undefined;
  const { origin, pathname, search } = new URL(text, base);
  // Also what another program makes of `/.//host` or `/%2fhost`.
  if (origin !== base || /^\/(\/|\\|%2f|%5c)/i.test(pathname)) return undefined;
  return pathname + search;
}
