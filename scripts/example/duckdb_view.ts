/** Puts the view together: what its image has in /app. */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundleModule } from "../compile/bundle.ts";
import type { Architecture } from "../compile/compile.ts";
import { npmArchitecture, npmPackage } from "../packages/npm_package.ts";
import { PAGE_TOKENS } from "./page_tokens.ts";
import { DUCKDB_PACKAGE_VERSION } from "./duckdb_version.ts";
import { httpfs } from "./httpfs.ts";

const here = fileURLToPath(new URL("../../example/duckdb", import.meta.url));

/** What the directory depends on, beside the files of this and of ../ui. */
export const duckdbViewInputs: readonly string[] = [DUCKDB_PACKAGE_VERSION];

/** Fills an empty directory, for Linux. */
export async function assembleDuckdbView(
  directory: string,
  architecture: Architecture,
  signal?: AbortSignal,
): Promise<void> {
  const page = join(directory, "page");
  await Deno.mkdir(page);
  await bundleModule(join(here, "main.ts"), join(directory, "main.js"), { external: ["@duckdb/node-api"], signal });
  await bundleModule(join(here, "page/page.ts"), join(page, "page.js"), { browser: true, signal });
  for (const name of ["page/index.html", "page/page.css", "../ui/theme.css"]) {
    await Deno.copyFile(join(here, name), join(page, name.replace(/.*\//, "")));
  }
  await Deno.copyFile(PAGE_TOKENS, join(page, "tokens.css"));
  // A native addon and its library, which no bundle can have.
  const machine = `linux-${npmArchitecture(architecture)}`;
  for (const name of ["node-api", "node-bindings", `node-bindings-${machine}`]) {
    await npmPackage(
      `@duckdb/${name}`,
      DUCKDB_PACKAGE_VERSION,
      join(directory, "node_modules/@duckdb", name),
      architecture,
    );
  }
  const dependencies = { "@duckdb/node-api": DUCKDB_PACKAGE_VERSION };
  await Deno.writeTextFile(join(directory, "package.json"), JSON.stringify({ type: "module", dependencies }));
  await Deno.copyFile(await httpfs({ architecture, signal }), join(directory, "httpfs.duckdb_extension"));
}
