/**
 * As many groups as fit, those that views name first. So a user with very many groups can still sign in.
 * @param named the groups that views are shared with
 */
export async function groupsThatFit(
  groups: readonly string[],
  named: () => ReadonlySet<string>,
  fit: (groups: readonly string[]) => Promise<boolean>,
): Promise<readonly string[]> {
  if (await fit(groups)) return groups;
  const wanted = named();
  const ordered = [...groups.filter((group) => wanted.has(group)), ...groups.filter((group) => !wanted.has(group))];
  let [good, bad] = [0, ordered.length];
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (await fit(ordered.slice(0, middle))) good = middle;
    else bad = middle;
  }
  return ordered.slice(0, good);
}
