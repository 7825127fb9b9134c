import { equal } from "node:assert/strict";
import { cp, readdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { temporaryDirectory } from "../../../scripts/process/temporary_directory.ts";
import { benches } from "../benches/all.ts";
import { writeReport } from "./write_report.ts";

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
