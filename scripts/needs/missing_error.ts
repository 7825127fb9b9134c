/** Something that this machine lacks; the message says what to do. */
export class MissingError extends Error {
  override readonly name = "MissingError";
}
