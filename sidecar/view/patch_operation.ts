/** One operation of a JSON Patch: https://www.rfc-editor.org/rfc/rfc6902 */
export interface PatchOperation {
  readonly op: "test" | "replace" | "add";
  readonly path: string;
  readonly value: unknown;
}
