import { deepEqual, rejects } from "node:assert/strict";
import { type ServerEvent, serverEvents } from "./server_events.ts";

const events = async (...parts: (string | Uint8Array)[]): Promise<readonly ServerEvent[]> => {
  const bytes = parts.map((part) => typeof part === "string" ? new TextEncoder().encode(part) : part);
  return await Array.fromAsync(serverEvents(ReadableStream.from(bytes)));
};

Deno.test("events are read in whatever parts they come, without comments and an unfinished last one", async () => {
  const text =
    ': hello\n\nevent: changed\ndata: {"name":\ndata: "sälës"}\n\n:\n\nevent: gone\r\ndata: {}\r\n\r\nevent: changed\ndata: {';
  const expected = [{ event: "changed", data: '{"name":\n"sälës"}' }, { event: "gone", data: "{}" }];
  deepEqual(await events(text), expected);
  deepEqual(await events(...Array.from(new TextEncoder().encode(text), (byte) => Uint8Array.of(byte))), expected);
});

Deno.test("an event without end is refused", async () => {
  await rejects(events("data: ", "x".repeat(1 << 20), "x"), /more than 1048576 characters/);
});
