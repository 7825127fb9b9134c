/** Puts the view's sources together: Go, and the page that it has inside. */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundleModule } from "../compile/bundle.ts";
import { PAGE_TOKENS } from "./page_tokens.ts";

const here = fileURLToPath(new URL("../../example/browser", import.meta.url));

/** Fills an empty directory of the module's, for `go build`. */
export async function assembleBrowserView(directory: string, signal?: AbortSignal): Promise<void> {
  const page = join(directory, "static");
  await Deno.mkdir(page);
  for (const name of ["main.go", "handler.go", "static/index.html", "static/page.css"]) {
    await Deno.copyFile(join(here, name), join(directory, name));
  }
  await Deno.copyFile(PAGE_TOKENS, join(page, "tokens.css"));
  await Deno.copyFile(join(here, "../ui/theme.css"), join(page, "theme.css"));
  await bundleModule(join(here, "app/page.ts"), join(page, "page.js"), { browser: true, signal });
}
