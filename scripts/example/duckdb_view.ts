/** Puts the view together: what its image has in /app. */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { version } from "@duckdb/node-api";
import { bundleModule } from "../compile/bundle.ts";
import { npmPackage } from "../packages/npm_package.ts";
import examples from "../../example/deno.json" with { type: "json" };
import { PAGE_TOKENS } from "./page_tokens.ts";
import { httpfs } from "./httpfs.ts";

const here = fileURLToPath(new URL("../../example/duckdb", import.meta.url));
const nodeApi = examples.imports["@duckdb/node-api"].replace(/^npm:@duckdb\/node-api@/, "");

/** What the directory depends on, beside the files of this and of ../ui. */
export const duckdbViewInputs: readonly string[] = [version(), nodeApi];

/** Fills an empty directory. */
export async function assembleDuckdbView(directory: string, signal?: AbortSignal): Promise<void> {
  const page = join(directory, "page");
  await Deno.mkdir(page);
  await bundleModule(join(here, "main.ts"), join(directory, "main.js"), { external: ["@duckdb/node-api"], signal });
  await bundleModule(join(here, "page/page.ts"), join(page, "page.js"), { browser: true, signal });
  for (const name of ["page/index.html", "page/page.css", "../ui/theme.css"]) {
    await Deno.copyFile(join(here, name), join(page, name.replace(/.*\//, "")));
  }
  await Deno.copyFile(PAGE_TOKENS, join(page, "tokens.css"));
  // A native addon and its library, which no bundle can have.
  const { arch } = Deno.build;
  const machine = `linux-${arch === "x86_64" ? "x64" : "arm64"}`;
  for (const name of ["node-api", "node-bindings", `node-bindings-${machine}`]) {
    await npmPackage(`@duckdb/${name}`, nodeApi, join(directory, "node_modules/@duckdb", name));
  }
  const dependencies = { "@duckdb/node-api": nodeApi };
  await Deno.writeTextFile(join(directory, "package.json"), JSON.stringify({ type: "module", dependencies }));
  await Deno.copyFile(await httpfs(signal), join(directory, "httpfs.duckdb_extension"));
}
