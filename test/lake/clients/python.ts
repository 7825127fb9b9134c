/** Python packages for tests, with a Python that this machine has. */
import { join } from "node:path";
import { inputHash } from "../../../scripts/cache.ts";
import { run, succeeds } from "../../../scripts/command.ts";
import { madeOnce } from "../../../scripts/made_once.ts";
import { step } from "../../../scripts/progress.ts";

/** Whether this machine has Python with pip. What needs it is skipped otherwise. */
export const python = await succeeds("python3", ["-m", "pip", "--version"]);

if (!python) console.log("There is no Python with pip: tests that need it are skipped.");

/** The path of a directory with these packages and what they need, which is kept in the user's cache. */
export async function pythonPackages(...requirements: string[]): Promise<string> {
  const version = await run("python3", ["-c", "import sys; print(sys.implementation.cache_tag)"]);
  const hash = await inputHash([Deno.build.os, Deno.build.arch, version.trim(), ...requirements], []);
  const directory = await madeOnce("python-packages", hash, async (directory) => {
    const args = ["-m", "pip", "install", "--quiet", "--only-binary=:all:", "--target", join(directory, "packages")];
    const environment = { PIP_DISABLE_PIP_VERSION_CHECK: "1", PIP_ROOT_USER_ACTION: "ignore" };
    await step(
      `Downloading ${requirements.join(" and ")} from PyPI`,
      () => run("python3", [...args, ...requirements], { env: environment }),
    );
  });
  return join(directory, "packages");
}
