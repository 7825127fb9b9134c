/**
 * The schema of a user's or a group's name, as Kubernetes knows them. It has no control character, no line separator and no half
 * of a character, and not `without`.
 */
export const name = (without = "") => ({
  type: "string",
  maxLength: 256,
  words: `must be a name: at least one character, no control characters, no line separators${
    without && `, no "${without}"`
  }`,
  pattern: `^[^\\p{Cc}\\p{Cs}\\p{Zl}\\p{Zp}${without}]+$`,
});
