import { deepEqual, equal, ok } from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { loginPage } from "../../example/provider/login_page.ts";
import { PAGE_TOKENS } from "./page_tokens.ts";

const example = (path: string) => Deno.readTextFile(fileURLToPath(new URL(`../../example/${path}`, import.meta.url)));

const PAGES = ["page/page.gohtml", "duckdb/page/index.html", "browser/static/index.html"];
const STYLES = ["page/page.css", "duckdb/page/page.css", "browser/static/page.css", "ui/theme.css"];

Deno.test("the examples' pages begin with the tokens of the gateway's own pages", async () => {
  equal(await example("page/tokens.css"), await Deno.readTextFile(PAGE_TOKENS), "copy tokens.css to example/page");
  for (const page of PAGES) {
    const sheets = [...(await example(page)).matchAll(/<link rel="stylesheet" href="([^"]+)"/g)].map(([, href]) =>
      href
    );
    equal(sheets[0], "/tokens.css", page);
  }
  ok(loginPage("/", []).includes(await Deno.readTextFile(PAGE_TOKENS)));
});

Deno.test("their styles have no colours and fonts of their own, and no name that nothing sets", async () => {
  const shared = [await Deno.readTextFile(PAGE_TOKENS), await example("ui/theme.css")].join("\n");
  const set = new Set([...shared.matchAll(/^\s*(--[\w-]+):/gm)].map(([, name]) => name));
  for (const style of STYLES) {
    const text = await example(style);
    deepEqual(text.match(/#[\da-f]{3,8}\b|system-ui|sans-serif|rgba?\(|@import|url\(/gi), null, style);
    const unknown = [...text.matchAll(/var\((--[\w-]+)/g)].map(([, name]) => name).filter((name) => !set.has(name));
    deepEqual(unknown, [], style);
  }
});

Deno.test("they load nothing from elsewhere", async () => {
  for (const page of PAGES) {
    const addresses = [...(await example(page)).matchAll(/(?:href|src)="([^"]+)"/g)].map(([, address]) => address!);
    deepEqual(addresses.filter((address) => !/^(\/(?!\/)|data:image)/.test(address)), [], page);
  }
});
