import { fileURLToPath } from "node:url";
import { run } from "./command.ts";
import { MissingError } from "./missing.ts";

/** What the sidecar runs on: 2.9.4 and later abort when an HTTP/2 peer says GOAWAY (denoland/deno#36788). */
export const DENO_VERSION = "2.9.3";

const root = fileURLToPath(new URL("..", import.meta.url));

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
  /** Imports that stay. */
  readonly external?: readonly string[];
  readonly signal?: AbortSignal | undefined;
}

/**
 * Writes a module and what it imports into one JavaScript file. It is not minified: stack traces and names of errors
 * keep their meaning, and with both names kept and minified the bundle of Deno 2.9.3 does not run.
 */
export async function bundleModule(entry: string, file: string, options: BundleOptions = {}): Promise<void> {
  if (Deno.version.deno !== DENO_VERSION) {
    throw new MissingError(
      `This is Deno ${Deno.version.deno}, the sidecar needs ${DENO_VERSION}: use \`npx -y deno@${DENO_VERSION}\`.`,
    );
  }
  const { browser = false, external = [], signal } = options;
  const more = [...browser ? ["--platform", "browser"] : [], ...external.flatMap((name) => ["--external", name])];
  // Its workspace is that of this checkout, wherever the module is.
  const config = ["--config", "deno.json"];
  await run(Deno.execPath(), ["bundle", "--quiet", "--frozen", ...config, ...more, "--output", file, entry], {
    cwd: root,
    signal,
  });
}
