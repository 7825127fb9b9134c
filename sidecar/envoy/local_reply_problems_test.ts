import assert from "node:assert/strict";
import { ENVOY_VERSION as TESTED_VERSION, envoyBinary } from "../../scripts/packages/envoy_binary.ts";
import { LOCAL_REPLIES, WITHOUT_LOCAL_REPLY } from "./local_reply_problems.ts";
import {
  DETAILS_ENVOY_VERSION,
  DETAILS_OF_OTHER_FILTERS,
  FLAGS_WITHOUT_ANSWER,
  RESPONSE_CODE_DETAILS,
  RESPONSE_FLAGS,
} from "./testing/response_code_details.ts";

const KNOWN = [...LOCAL_REPLIES.flatMap(({ details }) => details), ...WITHOUT_LOCAL_REPLY];

Deno.test("each of Envoy's response code details has one place, and no others have any", () => {
  assert.deepEqual(KNOWN.toSorted(), Object.values(RESPONSE_CODE_DETAILS).flat().toSorted());
});

Deno.test("each of Envoy's response flags has one place", () => {
  const flags = [...LOCAL_REPLIES.flatMap(({ flags }) => flags ?? []), ...FLAGS_WITHOUT_ANSWER];
  assert.deepEqual(flags.toSorted(), RESPONSE_FLAGS.toSorted());
});

Deno.test("no detail is the beginning of another's by mistake", () => {
  const begun = KNOWN.filter((name) => name.endsWith("*")).map((name) => name.slice(0, -1));
  const all = [...KNOWN.map((name) => name.replace("*", "")), ...DETAILS_OF_OTHER_FILTERS];
  for (const beginning of begun) assert.deepEqual(all.filter((name) => name.startsWith(beginning)), [beginning]);
});

Deno.test("the lists are of the Envoy that is used: its binary has all of them, and no other codec's details or flags", async () => {
  assert.equal(DETAILS_ENVOY_VERSION, TESTED_VERSION);
  const { codecs, texts, flags } = await inBinary();
  // A runtime key of the same form.
  codecs.delete("http1.optionally_delay_close");
  const listed = Object.values(RESPONSE_CODE_DETAILS).flat();
  assert.deepEqual([...codecs].toSorted(), listed.filter((name) => CODEC.test(name)).toSorted());
  assert.deepEqual(LONG.filter((name) => !texts.has(name)), []);
  assert.deepEqual(flags?.split(" ").toSorted(), RESPONSE_FLAGS.toSorted());
});

const CODEC = /^http[123]\.[a-z_.0-9]+$/;

/** Details that are long enough to be among the binary's strings; a compiler puts short ones into instructions. */
const LONG = Object.values(RESPONSE_CODE_DETAILS).flat()
  .map((name) => name.replace(/^upstream_reset_before_response_started\{/, "").replace("*", ""))
  .map((name) =>
    name.startsWith("HTTP/1") || /_reset$|_CONNECT_|_failure$/.test(name) ? name.replaceAll("_", " ") : name
  )
  .filter((name) => name.length > 22);

/** The details that Envoy's binary has. The binary is large, so it is read in pieces. */
async function inBinary(): Promise<{ codecs: Set<string>; texts: Set<string>; flags: string | undefined }> {
  const [codecs, texts] = [new Set<string>(), new Set<string>()];
  let flags: string | undefined;
  using file = await Deno.open(await envoyBinary());
  const decoder = new TextDecoder("latin1");
  const buffer = new Uint8Array(8 << 20);
  let rest = "";
  for (let read = await file.read(buffer); read !== null; read = await file.read(buffer)) {
    const piece = rest + decoder.decode(buffer.subarray(0, read));
    for (const [, name] of piece.matchAll(/\0(http[123]\.[a-z_.0-9]+)(?=\0)/g)) codecs.add(name!);
    for (const text of LONG) if (piece.includes(text)) texts.add(text);
    flags ??= piece.match(/value must be in list \[(LH [A-Z ]+)\]/)?.[1];
    rest = piece.slice(-300);
  }
  return { codecs, texts, flags };
}
