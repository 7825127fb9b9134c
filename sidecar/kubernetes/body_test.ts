import { deepEqual, equal, rejects } from "node:assert/strict";
import { Body } from "./body.ts";

const endless = new AbortController().signal;
const bytes = (text: string) => new TextEncoder().encode(text);

/** A stream of bytes of these parts, which stays open or ends. */
function stream(parts: readonly Uint8Array<ArrayBuffer>[], isOpen = false) {
  const cancellations: unknown[] = [];
  const readable = new ReadableStream({
    type: "bytes",
    start(controller) {
      for (const part of parts) controller.enqueue(part);
      if (!isOpen) controller.close();
    },
    cancel: (reason) => void cancellations.push(reason),
  });
  return { readable, cancellations };
}

Deno.test("its text is the same wherever it is cut", async () => {
  const whole = bytes("größer als ein Teil €");
  const parts = Array.from(whole, (byte) => new Uint8Array([byte]));
  equal(await new Body(stream(parts).readable, endless).text(), "größer als ein Teil €");
  equal(await new Body(stream([]).readable, endless).text(), "");
});

Deno.test("a part that is larger than one read arrives in several", async () => {
  const text = "0123456789".repeat(20_000);
  equal(await new Body(stream([bytes(text)]).readable, endless).text(), text);
});

Deno.test("it ends when its signal aborts, even if no part arrives", async () => {
  const stop = new AbortController();
  const { readable, cancellations } = stream([bytes("half")], true);
  const reading = new Body(readable, stop.signal).text();
  await Promise.resolve();
  stop.abort(new Error("enough"));
  await rejects(reading, /enough/);
  equal(cancellations.length, 1);
  await rejects(new Body(stream([bytes("a")]).readable, stop.signal).text(), /enough/);
  const broken = new ReadableStream({ type: "bytes", start: (controller) => controller.error(new Error("broken")) });
  await rejects(new Body(broken, endless).text(), /broken/);
});

Deno.test("it ends when its reader stops", async () => {
  const { readable, cancellations } = stream([bytes("a")], true);
  const seen: string[] = [];
  for await (const part of new Body(readable, endless).parts()) {
    seen.push(new TextDecoder().decode(part));
    break;
  }
  deepEqual(seen, ["a"]);
  equal(cancellations.length, 1);
});
