/** Python packages for tests, with a Python that this machine has. */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { inputHash } from "../../../scripts/cache/cache.ts";
import { runCommand, succeeds } from "../../../scripts/process/command.ts";
import { cachedDirectory } from "../../../scripts/cache/cached_directory.ts";
import { step } from "../../../scripts/process/step.ts";

/** Whether this machine has Python with pip. What needs it is skipped otherwise. */
export const python = await succeeds("python3", ["-m", "pip", "--version"]);

if (!python) console.log("There is no Python with pip: tests that need it are skipped.");

/**
 * Has a program, of this directory or by its URL, do something with exactly these packages: what it is asked, and what it
 * answers, is JSON. It finds the former in the variable ASKED.
 */
export async function askPython(program: string, packages: readonly string[], asked: unknown): Promise<unknown[]> {
  const env = { PYTHONPATH: await pythonPackages(packages), ASKED: JSON.stringify(asked) };
  return JSON.parse(await runCommand("python3", [fileURLToPath(new URL(program, import.meta.url))], { env }));
}

/** The path of a directory with packages from PyPI, which is kept in the user's cache. */
export async function pythonPackages(packages: readonly string[]): Promise<string> {
  const version = await runCommand("python3", ["-c", "import sys; print(sys.implementation.cache_tag)"]);
  const hash = await inputHash([Deno.build.os, Deno.build.arch, version.trim(), ...packages], []);
  const [name = ""] = packages;
  const directory = await cachedDirectory(`python-${name.replace(/==.*/, "")}`, hash, async (directory) => {
    const install = ["-m", "pip", "install", "--quiet", "--no-deps", "--only-binary=:all:"];
    const env = { PIP_DISABLE_PIP_VERSION_CHECK: "1", PIP_ROOT_USER_ACTION: "ignore" };
    await step(
      `Downloading ${name} from PyPI`,
      () => runCommand("python3", [...install, "--target", join(directory, "packages"), ...packages], { env }),
    );
  });
  return join(directory, "packages");
}
