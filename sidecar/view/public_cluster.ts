/** What the name of a public cluster ends in. No view's name has a dot. */
export const PUBLIC_SUFFIX = ".public";

/**
 * The name of Envoy's second cluster for a view that is public. Requests of those who have not signed in look for it, and
 * for no other. So one change of it opens the view to everybody, or closes it.
 */
export function publicCluster(view: string): string {
  return view + PUBLIC_SUFFIX;
}

/** The view of a cluster of either kind. Envoy's other clusters belong to no view: their names have an underscore. */
export function viewOfCluster(cluster: string): string | undefined {
  if (cluster.includes("_")) return undefined;
  return cluster.endsWith(PUBLIC_SUFFIX) ? cluster.slice(0, -PUBLIC_SUFFIX.length) : cluster;
}
