import type { envoy } from "../gen/envoy.js";

/** A slash or a backslash, also encoded. */
const SEPARATOR = String.raw`(?:[/\\]|%2f|%5c)`;

/** Parameters of a segment, which Java's servers drop: https://www.rfc-editor.org/rfc/rfc3986#section-3.3 */
const PARAMETERS = String.raw`(?:;[^/\\%]*)?`;

/**
 * Paths that some web server takes for one below `/_gate/`: in capitals, with more slashes, with encoded ones, with segments
 * that mean nothing. Envoy has decoded all else, and has removed plain dot segments.
 */
const ODD_SPELLING = [
  "(?i)",
  String.raw`(?:.*\.\.${PARAMETERS})?`,
  String.raw`(?:${SEPARATOR}\.?${PARAMETERS})*`,
  `${SEPARATOR}_gate${PARAMETERS}${SEPARATOR}`,
  ".*",
].join("");

/** Keeps them from pods: there the gateway tells a pod which view it is. */
export function oddlySpelled(): envoy.config.route.v3.IRoute {
  return {
    match: {
      safeRegex: { regex: ODD_SPELLING },
      // Most requests need no more than this.
      headers: [{ name: ":path", stringMatch: { contains: "_gate", ignoreCase: true } }],
    },
    directResponse: { status: 404, body: { inlineString: "Paths below /_gate/ are the gateway's own." } },
  };
}
