import { deepEqual } from "node:assert/strict";
import { definitionsIn } from "./syntax.ts";

Deno.test("exports, functions and constructors are found in whatever form they have", () => {
  const text = `export const a = 1, b = () => {
  return 2;
};
export async function* c() {}
export class D {
  constructor() { this.#e(); }
  #e(): void {
  }
}
export interface F {}
export type G = F;
export default function h() {}
function inner() {}
(() => {})();
export { inner };
`;
  const { exports, functions, constructors } = definitionsIn("file.ts", text);
  deepEqual(exports, ["a", "b", "c", "D", "F", "G"]);
  deepEqual(functions.map(({ name, lines }) => `${name} ${lines}`), [
    "b 3",
    "c 1",
    "constructor 1",
    "e 2",
    "h 1",
    "inner 1",
  ]);
  deepEqual(constructors, ["constructor() { this.#e(); }"]);
});
