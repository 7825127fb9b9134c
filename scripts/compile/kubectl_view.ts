/** Writes `kubectl view`, a plugin of kubectl, into one file that runs by itself. */
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Command } from "commander";
import { interruptible } from "../process/interruptible.ts";
import { temporaryDirectory } from "../process/temporary_directory.ts";
import { bundleModule, DENO_VERSION } from "./bundle.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** The plugin asks a gateway, runs kubectl and a browser, and reads the environment and a file with a token. */
const FLAGS = "--quiet --ext=js --no-config --no-lock --no-prompt --allow-net --allow-env --allow-read " +
  "--allow-run=kubectl,xdg-open,open";

/**
 * The first lines of the file. A shell reads commands that start Deno with this file; Deno reads strings and comments. Deno
 * also trusts the certificates that the machine trusts.
 */
const HEAD = `#!/bin/sh
":" //; export DENO_TLS_CA_STORE="\${DENO_TLS_CA_STORE:-system,mozilla}" DENO_NO_UPDATE_CHECK=1
":" //; if command -v deno > /dev/null 2>&1; then exec deno run ${FLAGS} "$0" "$@"; fi
":" //; exec npx -y deno@${DENO_VERSION} run ${FLAGS} "$0" "$@"
`;

/** Where the task writes the plugin. */
export const KUBECTL_VIEW = join(root, "target/bin/kubectl-view");

/** Writes the plugin into one file, whose directory it makes. */
export async function buildKubectlView(file: string = KUBECTL_VIEW, signal?: AbortSignal): Promise<void> {
  await using work = await temporaryDirectory({ prefix: "view-gateway-kubectl-view-" });
  const made = join(work.path, "kubectl_view.js");
  await bundleModule("scripts/kubectl/kubectl_view.ts", made, { signal });
  await Deno.mkdir(dirname(file), { recursive: true });
  await Deno.writeTextFile(`${file}.new`, `${HEAD}${await Deno.readTextFile(made)}`, { mode: 0o755 });
  await Deno.rename(`${file}.new`, file);
}

if (import.meta.main) {
  new Command("kubectl-view")
    .description("Writes the plugin to target/bin/kubectl-view and prints the path. Put it into a directory of PATH.")
    .parse(Deno.args, { from: "user" });
  await interruptible(async (signal) => {
    await buildKubectlView(KUBECTL_VIEW, signal);
    console.log(KUBECTL_VIEW);
  });
}
