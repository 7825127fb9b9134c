import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { fileDigest } from "../cache/file_digest.ts";
import { temporaryDirectory } from "../process/temporary_directory.ts";
import { compileProgram, hostArchitecture } from "./compile.ts";

async function compile(
  env: Readonly<Record<string, string>>,
  ...args: string[]
): Promise<{ code: number; lines: string[] }> {
  const script = fileURLToPath(import.meta.resolve("./compile.ts"));
  const command = new Deno.Command(Deno.execPath(), { args: ["run", "-A", "--quiet", script, ...args], env });
  const { code, stdout, stderr } = await command.output();
  assert.equal(new TextDecoder().decode(stdout), "");
  return { code, lines: new TextDecoder().decode(stderr).trimEnd().split("\n") };
}

async function denortIsCached(): Promise<boolean> {
  const { stdout } = await new Deno.Command(Deno.execPath(), { args: ["info", "--json"] }).output();
  const { denoDir } = JSON.parse(new TextDecoder().decode(stdout));
  return existsSync(join(denoDir, `dl/release/v${Deno.version.deno}/denort-aarch64-unknown-linux-gnu.zip`));
}

const name = "where denort can neither be found nor fetched, one line says what to set";
Deno.test({ name, ignore: await denortIsCached() }, async () => {
  // A denort for another machine is none, and nobody answers at the proxy.
  const other = await Deno.makeTempFile();
  try {
    const header = new Uint8Array(20);
    header[18] = 8;
    await Deno.writeFile(other, header);
    const env = { DENORT_BIN: other, HTTPS_PROXY: "http://127.0.0.1:1", NO_PROXY: "" };
    const { code, lines } = await compile(env, "--arch", "arm64");
    assert.equal(code, 1);
    assert.equal(lines.length, 1);
    assert.match(lines[0] ?? "", /^Cannot compile for arm64: .* set DENORT_BIN to .* for aarch64-unknown-linux-gnu\.$/);
  } finally {
    await Deno.remove(other);
  }
});

Deno.test("a DENORT_BIN that is not there is said", async () => {
  const { code, lines } = await compile({ DENORT_BIN: "/nonexistent/denort" }, "--arch", "amd64");
  assert.equal(code, 1);
  assert.equal(lines.length, 1);
  assert.match(lines[0] ?? "", /^DENORT_BIN cannot be read: .*\/nonexistent\/denort/);
});

const sameBinary = "the same program makes the same binary, wherever and whenever it is compiled";
Deno.test({ name: sameBinary, ignore: Deno.build.os !== "linux" }, async () => {
  // Deno puts the program behind denort, and any other executable serves for that as well.
  Deno.env.set("DENORT_BIN", "/bin/true");
  try {
    const digests: string[] = [];
    for (const seconds of [1_000_000_000, 1_500_000_000]) {
      await using directory = await temporaryDirectory();
      const script = join(directory.path, "main.js");
      await Deno.writeTextFile(script, "console.log(1);\n");
      await Deno.utime(script, seconds, seconds);
      await compileProgram(script, hostArchitecture, join(directory.path, "program"));
      digests.push(await fileDigest(join(directory.path, "program")));
    }
    assert.equal(digests[0], digests[1]);
  } finally {
    Deno.env.delete("DENORT_BIN");
  }
});
