import assert from "node:assert/strict";
import { join } from "node:path";
import { inputHash } from "./cache.ts";
import { temporaryDirectory } from "../process/temporary_directory.ts";

async function withFiles(files: Readonly<Record<string, string>>, use: (directory: string) => Promise<void>) {
  await using directory = await temporaryDirectory();
  for (const [name, content] of Object.entries(files)) {
    await Deno.mkdir(join(directory.path, name, ".."), { recursive: true });
    await Deno.writeTextFile(join(directory.path, name), content);
  }
  await use(directory.path);
}

Deno.test("equal files in different places have one hash", async () => {
  const files = { "a.ts": "1", "b/c.ts": "2" };
  await withFiles(files, async (one) => {
    await withFiles(files, async (other) => {
      assert.equal(await inputHash(["x"], [one]), await inputHash(["x"], [other]));
    });
  });
});

Deno.test("content, a file's name, a new file and a string change the hash; a file that is not chosen does not", async () => {
  await withFiles({ "a.ts": "1", "b.ts": "2" }, async (directory) => {
    const chosen = (path: string) => !path.endsWith("_test.ts");
    const hash = (text = "x") => inputHash([text], [directory], chosen);
    const seen = new Set([await hash()]);
    const changed = async (change: () => Promise<void>) => {
      await change();
      const now = await hash();
      assert.ok(!seen.has(now));
      seen.add(now);
    };
    await changed(() => Deno.writeTextFile(join(directory, "a.ts"), "3"));
    await changed(() => Deno.rename(join(directory, "a.ts"), join(directory, "c.ts")));
    await changed(() => Deno.writeTextFile(join(directory, "d.ts"), ""));
    assert.ok(!seen.has(await hash("y")));
    await Deno.writeTextFile(join(directory, "a_test.ts"), "4");
    assert.ok(seen.has(await hash()));
  });
});
