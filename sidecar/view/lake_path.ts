/**
 * Whether a program that normalises paths could change a key with these segments. `/_lake/` refuses such keys, and subsets
 * have no such prefixes.
 */
export function isAmbiguous(segments: readonly string[]): boolean {
  return segments.some((segment) =>
    segment === "" || segment === "." || segment === ".." || /[\\\p{Cc}]/u.test(segment)
  );
}

/** The same for a prefix, which may end in a slash. */
export function isAmbiguousPrefix(prefix: string): boolean {
  const segments = prefix.split("/");
  if (segments.at(-1) === "") segments.pop();
  return isAmbiguous(segments);
}

/** What makes a path ambiguous, as the end of a sentence. */
export const AMBIGUITIES = "an empty segment, `.`, `..`, a backslash or a control character";
