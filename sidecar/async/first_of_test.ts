import { equal, rejects } from "node:assert/strict";
import { aborted } from "./aborted.ts";
import { firstOf } from "./first_of.ts";

const endless = new AbortController().signal;

Deno.test("the first wait that ends aborts the others, and they have ended when it returns", async () => {
  let ended = false;
  const other = async (signal: AbortSignal) => {
    await aborted(signal);
    await Promise.resolve();
    ended = true;
  };
  await firstOf(endless, other, () => Promise.resolve());
  equal(ended, true);
  ended = false;
  await rejects(firstOf(endless, other, () => Promise.reject(new Error("refused"))), /refused/);
  equal(ended, true);
});

Deno.test("the given signal aborts all waits", async () => {
  const stop = new AbortController();
  const wait = async (signal: AbortSignal) => {
    await aborted(signal);
    throw signal.reason;
  };
  const waiting = firstOf(stop.signal, wait, wait);
  stop.abort(new Error("enough"));
  await rejects(waiting, /enough/);
});
