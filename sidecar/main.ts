/** The sidecar: reads its configuration from the environment, runs until SIGTERM or SIGINT, and is the only exit. */
import { runSidecar } from "./app/app.ts";
import { complete, ConfigError, type Environment, readConfig } from "./config/config.ts";
import { openDoors } from "./config/open_doors.ts";
import { escapeBraces, logger, startLogging } from "./logging.ts";
import { retiredVariables } from "./config/retired_variables.ts";
import { preflightProblems } from "./config/preflight.ts";
import { VERSION } from "./version.ts";

async function main(args: readonly string[]): Promise<number> {
  if (args.length > 0) return answer(args);
  const stop = new AbortController();
  for (const name of ["SIGTERM", "SIGINT"] as const) {
    Deno.addSignalListener(name, () => {
      // A second signal stops at once.
      if (stop.signal.aborted) Deno.exit(1);
      stop.abort(name);
    });
  }
  try {
    const get: Environment = (variable) => Deno.env.get(variable);
    const { known, problems } = readConfig(get);
    const config = complete({ known, problems: [...problems, ...await preflightProblems(known, get)] });
    await startLogging(config.logLevel);
    logger("sidecar").info("view-gateway-sidecar {version} starts", { version: VERSION });
    for (const message of [...retiredVariables(get), ...openDoors(config)]) logger("sidecar").warn(message);
    await runSidecar(config, stop.signal);
    return 0;
  } catch (error) {
    await startLogging("error").catch(() => {});
    const log = logger("sidecar");
    if (error instanceof ConfigError) {
      for (const problem of error.problems) log.fatal(escapeBraces(problem));
      log.fatal("docs/CONFIGURATION.md describes the variables.");
      return 2;
    }
    log.fatal("The sidecar ends: {error}", { error });
    return 1;
  }
}

/** What the program prints instead of running, for somebody who looks at an image or a binary. */
function answer(args: readonly string[]): number {
  if (args.length === 1 && args[0] === "--version") {
    console.log(`view-gateway-sidecar ${VERSION}`);
    return 0;
  }
  console.error("view-gateway-sidecar takes no argument but --version. docs/CONFIGURATION.md describes its variables.");
  return 2;
}

if (import.meta.main) Deno.exit(await main(Deno.args));
