import assert from "node:assert/strict";
import { inLatin1, packagesIn, withoutPlaces } from "./bundle.ts";

Deno.test("a program means the same without characters beyond Latin-1", () => {
  const program = "['é', '„', '😀', /[\u2028\u2029]/.test('\u2028')]";
  const text = inLatin1(program);
  assert.match(text, /^[\0-\xff]*$/);
  assert.deepEqual(Function(`return ${text}`)(), ["é", "„", "😀", true]);
});

Deno.test("a bundle names modules of packages alike wherever Deno's cache is, and tells the packages that it has", () => {
  const bundle = (place: string) =>
    `// ${place}@scope/one/1.0.0/index.js\nvar one = { "${place}@scope/one/1.0.0/index.js"() {} };\n// ${place}two/2.1.0/a.js\n` +
    `// ${place}two/2.1.0/b.js\n// sidecar/main.ts\n`;
  const text = withoutPlaces(bundle("../cache/npm/registry.example.com/"), ["../cache/npm/registry.example.com/"]);
  assert.equal(text, bundle("npm/"));
  assert.deepEqual(packagesIn(text), ["@scope/one@1.0.0", "two@2.1.0"]);
});
