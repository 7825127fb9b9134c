/** On each object of a view: its name. It selects the view's pods. */
export const NAME_LABEL = "view.yolean.se/name";

/** On a pool's Job and on its pods: the template's name, shortened, and a digest of all that they are made from. */
export const POOL_LABEL = "view.yolean.se/pool";

/** The labels of a view's objects; `required` are those that the configured selector requires. */
export function labelsOf(name: string, required: Readonly<Record<string, string>>): Record<string, string> {
  return { ...required, [NAME_LABEL]: name, "app.kubernetes.io/managed-by": "view-gateway" };
}
