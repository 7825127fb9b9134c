import { deepEqual, rejects } from "node:assert/strict";
import fc from "fast-check";
import { lines } from "./lines.ts";

function body(...chunks: Uint8Array[]): ReadableStream<Uint8Array> {
  return ReadableStream.from(chunks);
}

const bytes = (text: string) => new TextEncoder().encode(text);

/** The lines that each chunk completes. */
async function found(...chunks: string[]): Promise<(readonly string[])[]> {
  return await Array.fromAsync(lines(body(...chunks.map(bytes))));
}

Deno.test("each part yields the lines that it completes, also if there are none", async () => {
  deepEqual(await found("a", "b\nc\nd", "", "\n"), [[], ["ab", "c"], [], ["d"]]);
});

Deno.test("an incomplete last line is dropped", async () => {
  deepEqual(await found("a\nhalf"), [["a"]]);
});

Deno.test("empty lines are skipped", async () => {
  deepEqual(await found("\n\na\n\n"), [["a"]]);
});

Deno.test("the lines are the same wherever the stream is cut, also within a character", async () => {
  const line = fc.string({ unit: "grapheme", minLength: 1 }).filter((line) => !/[\n\ufeff]/.test(line));
  await fc.assert(fc.asyncProperty(fc.array(line), fc.array(fc.nat(40)), async (all, sizes) => {
    const whole = bytes(all.map((line) => `${line}\n`).join(""));
    const chunks: Uint8Array[] = [];
    let from = 0;
    for (const size of sizes) {
      chunks.push(whole.subarray(from, from + size));
      from += size;
    }
    chunks.push(whole.subarray(from));
    deepEqual((await Array.fromAsync(lines(body(...chunks)))).flat(), all);
  }));
});

Deno.test("a line without an end is an error before it fills the memory", async () => {
  const chunk = new Uint8Array(1 << 20).fill(97);
  const endless = ReadableStream.from((function* () {
    for (let i = 0; i < 40; i++) yield chunk;
  })());
  await rejects(Array.fromAsync(lines(endless)), RangeError);
});
