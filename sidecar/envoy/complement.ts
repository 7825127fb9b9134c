/** A place in the tree of the names, by the characters that lead to it. */
interface Place {
  readonly next: Map<string, Place>;
  /** A name ends here. */
  ends: boolean;
}

/**
 * A regular expression that matches each text but these and the empty one. RE2 cannot negate, and Envoy removes the headers
 * that match: so this removes all but a few.
 */
export function allBut(names: readonly string[]): string {
  const root = place();
  for (const name of names) {
    let at = root;
    for (const char of name) at = follow(at, char);
    at.ends = true;
  }
  return rest(root);
}

function place(): Place {
  return { next: new Map(), ends: false };
}

function follow({ next }: Place, char: string): Place {
  const found = next.get(char) ?? place();
  next.set(char, found);
  return found;
}

/** What follows here in a text that matches. A text that ends here matches unless it is a name. */
function rest({ next, ends }: Place): string {
  const chars = [...next.keys()].map(escaped).join("");
  const ways = [chars === "" ? ".+" : `[^${chars}].*`];
  for (const [char, then] of next) ways.push(escaped(char) + rest(then));
  return `(?:${ways.join("|")})${ends ? "" : "?"}`;
}

function escaped(char: string): string {
  return /[a-z0-9]/.test(char) ? char : `\\x${char.charCodeAt(0).toString(16).padStart(2, "0")}`;
}
