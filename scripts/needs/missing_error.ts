/** This machine lacks something. The message says what to do. */
export class MissingError extends Error {
  override readonly name = "MissingError";
}
