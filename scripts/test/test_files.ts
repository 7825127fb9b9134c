/** The files that the tasks for tests choose from. */
import { basename, dirname, join } from "node:path/posix";
import { REPOSITORY } from "./code_files.ts";
import type { FilteredFiles } from "./file_filters.ts";

/** As `deno test` finds them: https://docs.deno.com/runtime/fundamentals/testing/#running-tests */
const UNIT_TEST = /(^|[/_.])test\.(tsx?|mts|jsx?|mjs)$/;

/** What has no unit tests of this project's own. */
const SKIPPED = new Set(["node_modules", "target"]);

export async function unitTestFiles(): Promise<FilteredFiles> {
  const paths = (await filesBelow("")).filter((path) => UNIT_TEST.test(path));
  return { kind: "unit test", paths, choices: [...new Set(paths.map(dirname))] };
}

export function storyFiles(): Promise<FilteredFiles> {
  return named("story", "test/e2e/stories");
}

export function faultFiles(): Promise<FilteredFiles> {
  return named("fault", "test/e2e/faults");
}

async function named(kind: string, directory: string): Promise<FilteredFiles> {
  const paths = (await filesBelow(directory)).filter((path) => /\.ts$/.test(path) && !/\.config\.ts$/.test(path));
  return { kind, paths, choices: paths.map((path) => basename(path, ".ts")) };
}

/** Paths from the repository's root, in order. */
async function filesBelow(directory: string): Promise<readonly string[]> {
  const entries = await Array.fromAsync(Deno.readDir(join(REPOSITORY, directory)));
  const found = await Promise.all(entries.map(async ({ name, isDirectory }) => {
    const path = join(directory, name);
    if (!isDirectory) return [path];
    return name.startsWith(".") || SKIPPED.has(name) ? [] : await filesBelow(path);
  }));
  return found.flat().sort();
}
