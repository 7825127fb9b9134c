/** The unit tests, against a kwok cluster that is started for them. */
import { runOnKwok } from "../test/cluster/run_on_kwok.ts";
import * as kwok from "../test/cluster/kwok.ts";
import { httpfsNeeds } from "../test/e2e/example/duckdb/httpfs.ts";
import { envoyNeeds } from "../test/envoy/envoy_binary.ts";
import { minioNeeds } from "../test/lake/minio_binary.ts";
import { interruptible } from "./interruptible.ts";
import { requireNeeds } from "./needs.ts";

const TEST = ["deno", "test", "-A", "--unstable-no-legacy-abort", "--sanitize-ops", "--sanitize-resources"] as const;

await interruptible(async (signal) => {
  const { needs, hint } = await kwok.needs(signal);
  const tests = [
    { tool: "go", purpose: "to build an example, as tests do" } as const,
    ...envoyNeeds(),
    ...await minioNeeds(),
    ...httpfsNeeds(),
  ];
  await requireNeeds("the unit tests", { needs: [...needs, ...tests], hint }, signal);
  Deno.exitCode = await runOnKwok([...TEST, ...Deno.args], signal);
});
