/** Names the view on each of its objects, and selects its pods. */
export const NAME_LABEL = "view.yolean.se/name";

/** The labels of everything that belongs to a view; `required` are those that the configured selector asks for. */
export function labelsOf(name: string, required: Readonly<Record<string, string>>): Record<string, string> {
  return { ...required, [NAME_LABEL]: name, "app.kubernetes.io/managed-by": "view-gateway" };
}
