/** The ETag of this version of a view. */
export function etagOf(resourceVersion: string): string {
  return `"${resourceVersion}"`;
}

/** Whether a request may change this version. Without the header it may: https://www.rfc-editor.org/rfc/rfc9110#section-13.1.1 */
export function isMatch(ifMatch: string | undefined, resourceVersion: string): boolean {
  if (ifMatch === undefined || ifMatch.trim() === "*") return true;
  return ifMatch.split(",").some((tag) => tag.trim() === etagOf(resourceVersion));
}
