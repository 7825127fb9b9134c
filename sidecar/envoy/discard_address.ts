/**
 * An address that leads nowhere (RFC 6666), for what is asked of one of Envoy's sockets: the connection is the socket's, but
 * Deno asks whether the URL's host may be connected to. A name it would look up, which takes seconds where nobody answers.
 */
export const DISCARD_ADDRESS = "[100::1]";
