/** The unit tests, against a kwok cluster that is started for them. */
import { Command } from "commander";
import { runOnKwok } from "../cluster/kwok/run_on_kwok.ts";
import { kwokNeeds } from "../cluster/kwok/kwok.ts";
import { httpfsNeeds } from "../example/httpfs.ts";
import { envoyNeeds } from "../packages/envoy_binary.ts";
import { minioNeeds } from "../packages/minio_binary.ts";
import { prometheusNeeds } from "../packages/prometheus_binary.ts";
import { interruptible } from "../process/interruptible.ts";
import { requireNeeds } from "../needs/needs.ts";
import { filteredFiles } from "./file_filters.ts";
import { unitTestFiles } from "./test_files.ts";

const TEST = ["deno", "test", "-A", "--unstable-no-legacy-abort", "--sanitize-ops", "--sanitize-resources"] as const;

// What follows `--` is for `deno test`.
const separator = Deno.args.indexOf("--");
const [own, options] = separator < 0
  ? [Deno.args, []]
  : [Deno.args.slice(0, separator), Deno.args.slice(separator + 1)];
const program = new Command("test")
  .description(
    "Runs the unit tests against a Kubernetes control plane with simulated pods. If cluster `kwok` is up, they use it.\n" +
      "Otherwise this starts a control plane and stops it afterwards: in a container of kwok's image if Docker has the image\n" +
      "or can pull it, or else from programs that it builds from Go modules.",
  )
  .usage("[filters...] [-- OPTIONS]")
  .argument("[filters...]", "run only files whose path contains one of these")
  .addHelpText(
    "after",
    `
OPTIONS: those of \`deno test\`, for example \`-- --filter "the name of a test"\`.
DOCKER_HOST=unix:///nonexistent: use no container.`,
  )
  .parse(own, { from: "user" });
const files = filteredFiles(program, await unitTestFiles(), program.args);

await interruptible(async (signal) => {
  const { needs, hint } = await kwokNeeds(signal);
  const tests = [
    { tool: "go", purpose: "to build an example, as tests do" } as const,
    ...envoyNeeds(),
    ...await minioNeeds(),
    ...httpfsNeeds(),
    ...prometheusNeeds(),
  ];
  await requireNeeds("the unit tests", { needs: [...needs, ...tests], hint }, signal);
  Deno.exitCode = await runOnKwok([...TEST, ...options, ...files], signal);
});
