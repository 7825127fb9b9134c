const REQUIREMENT =
  /^(?<key>([a-z0-9]([-a-z0-9.]*[a-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)(={1,2}(?<value>[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?))?$/;

/**
 * The labels that a label selector requires of an object: `{team: "sales"}` for `team=sales`, and none for a bare key.
 * Undefined if the selector is not a list of keys and `key=value` pairs: from a set-based requirement the gateway cannot
 * derive a Job's labels.
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
