/**
 * Whether a key of these segments could be another one to a program that tidies paths. What `/_lake/` refuses for it is no
 * subset either.
 */
export function isAmbiguous(segments: readonly string[]): boolean {
  return segments.some((segment) =>
    segment === "" || segment === "." || segment === ".." || /[\\\p{Cc}]/u.test(segment)
  );
}

/** Whether a key that begins so could be ambiguous by its beginning: what comes after the last slash may yet be empty. */
export function isAmbiguousPrefix(prefix: string): boolean {
  const segments = prefix.split("/");
  if (segments.at(-1) === "") segments.pop();
  return isAmbiguous(segments);
}

/** What is ambiguous, as the end of a sentence. */
export const AMBIGUITIES = "an empty segment, `.`, `..`, a backslash or a control character";
