import { deepEqual, equal } from "node:assert/strict";
import { cp, readdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { temporaryDirectory } from "../../../scripts/process/temporary_directory.ts";
import { benches } from "../benches/all.ts";
import { saveResult, writeReport } from "./write_report.ts";

const committed = fileURLToPath(new URL("../../../docs/benchmarks", import.meta.url));

Deno.test("the committed report is what the kept data, the findings and the benches say", async () => {
  await using copy = await temporaryDirectory({ prefix: "bench-report-" });
  await cp(committed, copy.path, { recursive: true });
  await writeReport(copy.path, benches);
  const files = (await readdir(copy.path)).filter((name) => /\.(md|svg)$/.test(name));
  for (const name of files) {
    const [written, stands] = [copy.path, committed].map((directory) => Deno.readTextFile(join(directory, name)));
    equal(await stands, await written, `run \`deno task bench --report\` and commit ${name}`);
  }
});

Deno.test("what a bench found in the version before is kept, however often it runs in this one", async () => {
  await using directory = await temporaryDirectory({ prefix: "bench-former-" });
  const found = (version: string, seconds: number) => ({
    ...{ name: "warm", version, date: "2026-01-01", machine: "two cores", quick: false, seconds, comparisons: [] },
  });
  for (const [version, seconds] of [["1.0.0", 1], ["1.0.0", 2], ["1.1.0", 3], ["1.1.0", 4]] as const) {
    await saveResult(directory.path, found(version, seconds));
  }
  const read = async (kind: string) => JSON.parse(await Deno.readTextFile(join(directory.path, kind, "warm.json")));
  deepEqual(await read("data"), found("1.1.0", 4));
  deepEqual(await read("former"), found("1.0.0", 2));
});
