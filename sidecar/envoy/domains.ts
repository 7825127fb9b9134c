import type { envoy } from "../gen/envoy.js";

/** The domains of the base host. */
export function baseDomains(baseHost: string): readonly string[] {
  return withAndWithoutDot(baseHost);
}

/** The domains of the views' hosts. */
export function viewDomains(baseHost: string): readonly string[] {
  return withAndWithoutDot(`*.${baseHost}`);
}

/** The answer to requests for any other host. */
export function otherHost(baseHost: string): envoy.config.route.v3.IRoute {
  return notFound("/", `This gateway serves ${baseHost} and the views at NAME.${baseHost}.`);
}

/** The body becomes the detail of a problem: see local_replies.ts. */
export function notFound(prefix: string, detail: string): envoy.config.route.v3.IRoute {
  return { match: { prefix }, directResponse: { status: 404, body: { inlineString: detail } } };
}

/** A fully qualified host ends in a dot. */
function withAndWithoutDot(domain: string): readonly string[] {
  return [domain, `${domain}.`];
}
