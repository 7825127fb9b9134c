import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { cachedDirectory } from "./cached_directory.ts";
import { temporaryDirectory } from "../process/temporary_directory.ts";

/** Fills a directory with one file, and counts how often. */
function counting(): { readonly times: () => number; fill: (directory: string) => Promise<void> } {
  let times = 0;
  const fill = async (directory: string) => {
    times++;
    await Deno.writeTextFile(join(directory, "file"), String(times));
  };
  return { times: () => times, fill };
}

Deno.test("calls at the same time, and later ones, share one directory", async () => {
  await using cache = await temporaryDirectory();
  const { times, fill } = counting();
  const ask = () => cachedDirectory("tool", "1", fill, { cache: cache.path });
  const [one, other] = await Promise.all([ask(), ask()]);
  assert.deepEqual([other, await ask()], [one, one]);
  assert.equal(times(), 1);
  assert.equal(await Deno.readTextFile(join(one, "file")), "1");
});

Deno.test("a failure leaves nothing, and the next call tries again", async () => {
  await using cache = await temporaryDirectory();
  const failing = async (directory: string) => {
    await Deno.writeTextFile(join(directory, "half"), "");
    throw new Error("no space left");
  };
  await assert.rejects(cachedDirectory("tool", "1", failing, { cache: cache.path }), { message: "no space left" });
  const left = await Array.fromAsync(Deno.readDir(cache.path), ({ name }) => name);
  assert.deepEqual(left, ["tool.lock"]);
  assert.ok(existsSync(join(await cachedDirectory("tool", "1", counting().fill, { cache: cache.path }), "file")));
});

Deno.test("another key makes another directory; the previous one stays, and so do those of other names", async () => {
  await using cache = await temporaryDirectory();
  const { times, fill } = counting();
  for (const key of ["1", "2", "3"]) await cachedDirectory("tool", key, fill, { cache: cache.path });
  await cachedDirectory("other", "1", fill, { cache: cache.path });
  assert.equal(times(), 4);
  const left = await Array.fromAsync(Deno.readDir(cache.path), ({ name }) => name);
  assert.deepEqual(left.sort(), ["other-1", "other.lock", "tool-2", "tool-3", "tool.lock"]);
});
