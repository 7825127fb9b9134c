import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { runCommand } from "../process/command.ts";
import { MissingError } from "../needs/missing_error.ts";
import { npmRegistries } from "../packages/npm_cache.ts";

/** What the sidecar runs on: 2.9.4 and later abort when an HTTP/2 peer says GOAWAY (denoland/deno#36788). */
export const DENO_VERSION = "2.9.3";

const root = fileURLToPath(new URL("../..", import.meta.url));

/**
 * Writes the sidecar and what it imports into one JavaScript file. Deno starts it in two thirds of the time, and with
 * three quarters of the memory, that the same modules take from its cache; and packages of tests and scripts stay out.
 */
export async function bundle(file: string, signal?: AbortSignal): Promise<void> {
  await bundleModule("sidecar/main.ts", file, { signal });
}

export interface BundleOptions {
  /** For a page, instead of Deno. */
  readonly browser?: boolean;
  /** Short names and no space: for what browsers load. */
  readonly minify?: boolean;
  /** Imports that stay. */
  readonly external?: readonly string[];
  readonly signal?: AbortSignal | undefined;
}

/**
 * Writes a module and what it imports into one JavaScript file. A program is not minified: stack traces and names of
 * errors keep their meaning, and with both names kept and minified the bundle of Deno 2.9.3 does not run.
 */
export async function bundleModule(entry: string, file: string, options: BundleOptions = {}): Promise<void> {
  if (Deno.version.deno !== DENO_VERSION) {
    throw new MissingError(
      `This is Deno ${Deno.version.deno}, the sidecar needs ${DENO_VERSION}: use \`npx -y deno@${DENO_VERSION}\`.`,
    );
  }
  const { browser = false, minify = false, external = [], signal } = options;
  const more = [
    ...browser ? ["--platform", "browser"] : [],
    ...minify ? ["--minify"] : [],
    ...external.flatMap((name) => ["--external", name]),
  ];
  // Its workspace is that of this checkout, wherever the module is.
  const config = ["--config", "deno.json"];
  await runCommand(Deno.execPath(), ["bundle", "--quiet", "--frozen", ...config, ...more, "--output", file, entry], {
    cwd: root,
    signal,
  });
  const places = await npmPlaces(signal);
  await Deno.writeTextFile(file, inLatin1(withoutPlaces(await Deno.readTextFile(file), places)));
}

/** The directories of npm's packages, as a bundle names them. */
async function npmPlaces(signal?: AbortSignal): Promise<readonly string[]> {
  return (await npmRegistries(signal)).map((directory) => `${relative(root, directory)}/`);
}

/**
 * A bundle's text with the same names of modules wherever the checkout and Deno's cache are: the names stand in comments,
 * in the keys of CommonJS modules and so in stack traces.
 */
export function withoutPlaces(text: string, places: readonly string[]): string {
  return places.reduce((text, place) => text.replaceAll(place, NPM), text);
}

/** What the name of a npm package's module begins with in a bundle; the package's name and version follow. */
const NPM = "npm/";

/** The npm packages of which a bundle that is not minified has code, as `NAME@VERSION`, sorted. */
export function packagesIn(bundle: string): readonly string[] {
  const modules = bundle.matchAll(/^\/\/ npm\/((?:@[^/\n]+\/)?[^/\n]+)\/([^/\n]+)\//gm);
  return [...new Set(Array.from(modules, ([, name, version]) => `${name}@${version}`))].sort();
}

/**
 * A program's text with escapes in place of characters beyond Latin-1, of which libraries have a few in strings and regular
 * expressions: a single one makes V8 keep all of the text in two bytes a character, which is 12 MB for the sidecar.
 */
export function inLatin1(text: string): string {
  // JavaScript's escapes write each half of a surrogate pair on its own.
  return text.replace(/[^\0-\xff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
