import assert from "node:assert/strict";
import { inLatin1 } from "./bundle.ts";

Deno.test("a program means the same without characters beyond Latin-1", () => {
  const program = "['é', '„', '😀', /[\u2028\u2029]/.test('\u2028')]";
  const text = inLatin1(program);
  assert.match(text, /^[\0-\xff]*$/);
  assert.deepEqual(Function(`return ${text}`)(), ["é", "„", "😀", true]);
});
