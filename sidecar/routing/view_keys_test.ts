import { deepEqual, equal, rejects } from "node:assert/strict";
import { viewTokenFilter } from "../envoy/view_token_filter.ts";
import { ViewKeys } from "./view_keys.ts";

/** Keys that a test sets, and what Envoy is told of them. */
function start(first?: string) {
  let jwks = first;
  const listeners = new Set<() => void>();
  const told: string[] = [];
  const keys = new ViewKeys({ publish: ({ set }) => told.push(...set.map(({ version }) => version)) }, {
    jwks: () => jwks,
    onKeys: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  });
  const change = (to: string | undefined) => {
    jwks = to;
    for (const listener of listeners) listener();
  };
  return { keys, told, change, listeners };
}

const version = (jwks: string) => viewTokenFilter(jwks).version;

Deno.test("Envoy is given the keys that there are, and each change", async () => {
  const { keys, told, change } = start("first");
  await keys.untilKnown(new AbortController().signal);
  change("second");
  deepEqual(told, ["first", "second"].map(version));
});

Deno.test("as long as there are no keys, one waits", async () => {
  const { keys, told, change } = start();
  await rejects(keys.untilKnown(AbortSignal.abort(new Error("stopped"))), /stopped/);
  const known = keys.untilKnown(new AbortController().signal);
  deepEqual(told, []);
  change("first");
  await known;
  deepEqual(told, [version("first")]);
});

Deno.test("keys that are lost are not taken from Envoy", () => {
  const { told, change } = start("first");
  change(undefined);
  deepEqual(told, [version("first")]);
});

Deno.test("nothing is published after the stop", () => {
  const { keys, told, listeners } = start("first");
  keys.stop();
  deepEqual([told.length, listeners.size], [1, 0]);
  equal(told[0], version("first"));
});
