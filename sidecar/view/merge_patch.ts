/** A spec has fewer levels: what is deeper is a mistake, and stays as it is. */
const LEVELS = 8;

/** A JSON value with the changes of a JSON Merge Patch: https://www.rfc-editor.org/rfc/rfc7396 */
export function merged(target: unknown, patch: unknown, levels = LEVELS): unknown {
  if (!isObject(patch) || levels === 0) return patch;
  const members = new Map(isObject(target) ? Object.entries(target) : []);
  for (const [member, value] of Object.entries(patch)) {
    if (value === null) members.delete(member);
    else members.set(member, merged(members.get(member), value, levels - 1));
  }
  return Object.fromEntries(members);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
