/** The filters of the tasks that run tests: each chooses the files whose path contains it. */
import { join } from "node:path";
import type { Command } from "commander";
import { REPOSITORY } from "./code_files.ts";

/** Files of one kind, of which filters choose. */
export interface FilteredFiles {
  /** For example `story`. */
  readonly kind: string;
  /** Paths from the repository's root. */
  readonly paths: readonly string[];
  /** What a user can choose, for the message about a filter that matches nothing. */
  readonly choices: readonly string[];
}

/**
 * Absolute paths of the files that filters choose; none where there is no filter. Ends the program with one line where a
 * filter matches nothing: what a task starts takes minutes.
 */
export function filteredFiles(program: Command, files: FilteredFiles, filters: readonly string[]): readonly string[] {
  const unmatched = unmatchedFilters(files.paths, filters);
  if (unmatched.length > 0) {
    const names = unmatched.map((filter) => JSON.stringify(filter)).join(" or ");
    program.error(`error: The path of no ${files.kind} contains ${names}. There are: ${files.choices.join(", ")}.`);
  }
  return chosenPaths(files.paths, filters).map((path) => join(REPOSITORY, path));
}

export function chosenPaths(paths: readonly string[], filters: readonly string[]): readonly string[] {
  return paths.filter((path) => filters.some((filter) => matches(path, filter)));
}

export function unmatchedFilters(paths: readonly string[], filters: readonly string[]): readonly string[] {
  return filters.filter((filter) => !paths.some((path) => matches(path, filter)));
}

/** A filter that begins with `./` begins at the repository's root. */
function matches(path: string, filter: string): boolean {
  return `./${path}`.includes(filter);
}
