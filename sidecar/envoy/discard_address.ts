/**
 * A discard-only address (RFC 6666), the host in URLs of requests over one of Envoy's sockets. Deno checks the permission
 * for the URL's host though it connects to the socket. It would look a name up, which takes seconds where no DNS answers.
 */
export const DISCARD_ADDRESS = "[100::1]";
