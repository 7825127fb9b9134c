/** Whether a URL leaves the path as it is: a URL resolves `..` and encodes some characters. */
export function isUrlPath(path: string): boolean {
  if (!path.startsWith("/") || path.length > 1024) return false;
  const { pathname, search } = new URL(`http://pod.invalid${path}`);
  return pathname + search === path;
}
