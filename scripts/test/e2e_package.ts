import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { writeApiTypes } from "../generate/api_types.ts";
import { inputHash } from "../cache/cache.ts";
import { runCommand, succeeds } from "../process/command.ts";
import { MissingError } from "../needs/missing_error.ts";
import type { RequiredTool } from "../needs/needs.ts";
import { step } from "../process/step.ts";
import { unlessAbsent } from "../process/unless_absent.ts";

/** The Node package of the end-to-end tests. */
export const e2eDirectory: string = fileURLToPath(new URL("../../test/e2e", import.meta.url));

/** Its programs, including its own Node. */
export const e2eBin: string = join(e2eDirectory, "node_modules/.bin");

/**
 * Installs the package's dependencies as in its lock file, unless they are installed already.
 * @throws MissingError if there is no npm
 */
export async function installE2e(signal?: AbortSignal): Promise<void> {
  const hash = await lockHash();
  if (await isInstalled(hash)) return;
  if (!await succeeds("npm", ["--version"], { signal })) {
    throw new MissingError("There is no npm on PATH, which installs the end-to-end tests. Install Node.js.");
  }
  // The npm on PATH may run on an older Node than the package needs. The package brings its own Node.
  const args = ["ci", "--no-audit", "--no-fund", "--engine-strict=false"];
  await step("Installing the end-to-end tests' packages", () => runCommand("npm", args, { cwd: e2eDirectory, signal }));
  await Deno.writeTextFile(MARK, hash);
}

/** What `installE2e` needs now. */
export async function e2eNeeds(): Promise<readonly RequiredTool[]> {
  return await isInstalled(await lockHash()) ? [] : [{ tool: "npm", purpose: "to install the end-to-end tests" }];
}

/** Has the hash of what is installed. */
const MARK = join(e2eDirectory, "node_modules/.installed");

function lockHash(): Promise<string> {
  return inputHash([], ["package.json", "package-lock.json"].map((name) => join(e2eDirectory, name)));
}

async function isInstalled(hash: string): Promise<boolean> {
  return await unlessAbsent(Deno.readTextFile(MARK)) === hash;
}

/** Checks the types of the tests, with those of the API's client, which it writes. */
export async function checkE2e(signal?: AbortSignal): Promise<void> {
  await writeApiTypes();
  await runCommand("npm", ["run", "--silent", "check"], { cwd: e2eDirectory, signal });
}
