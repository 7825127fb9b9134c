/** Whether a host is this machine itself: https://www.rfc-editor.org/rfc/rfc6761#section-6.3 */
export function isLocalhost(host: string): boolean {
  return host === "localhost" || host.endsWith(".localhost");
}
