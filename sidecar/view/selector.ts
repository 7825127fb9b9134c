const REQUIREMENT =
  /^(?<key>([a-z0-9]([-a-z0-9.]*[a-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)(={1,2}(?<value>[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?))?$/;

/**
 * The labels that an object must have, beside the view's name, for a label selector to find it: `team=sales` asks for
 * `{team: "sales"}`, and the bare key of an existing label for nothing more. Undefined where the selector is not a
 * list of keys and `key=value` pairs: of a set-based requirement it could not be said which labels to give a Job.
 */
export function requiredLabels(selector: string): Readonly<Record<string, string>> | undefined {
  const labels: Record<string, string> = {};
  for (const part of selector.split(",")) {
    const groups = REQUIREMENT.exec(part.trim())?.groups;
    if (groups?.key === undefined) return undefined;
    if (groups.value !== undefined) labels[groups.key] = groups.value;
  }
  return labels;
}
