/** The unit tests, against a kwok cluster that is started for them. */
import { runOnKwok } from "../cluster/kwok/run_on_kwok.ts";
import { kwokNeeds } from "../cluster/kwok/kwok.ts";
import { httpfsNeeds } from "../example/httpfs.ts";
import { envoyNeeds } from "../packages/envoy_binary.ts";
import { minioNeeds } from "../packages/minio_binary.ts";
import { interruptible } from "../process/interruptible.ts";
import { requireNeeds } from "../needs/needs.ts";

const TEST = ["deno", "test", "-A", "--unstable-no-legacy-abort", "--sanitize-ops", "--sanitize-resources"] as const;

await interruptible(async (signal) => {
  const { needs, hint } = await kwokNeeds(signal);
  const tests = [
    { tool: "go", purpose: "to build an example, as tests do" } as const,
    ...envoyNeeds(),
    ...await minioNeeds(),
    ...httpfsNeeds(),
  ];
  await requireNeeds("the unit tests", { needs: [...needs, ...tests], hint }, signal);
  Deno.exitCode = await runOnKwok([...TEST, ...Deno.args], signal);
});
