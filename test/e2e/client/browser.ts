import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";
import { environment } from "../environment.ts";
import type { Gateway } from "../gateway/gateway.ts";

/**
 * Debian's Chromium, which finds every hostname below the gateway's base host at the gateway.
 * @param hosts addresses of other hosts, by name
 */
export async function openBrowser(
  gateway: Gateway,
  hosts: Readonly<Record<string, string>> = {},
): Promise<Browser> {
  const { hostname } = new URL(gateway.origin);
  // The first one that fits counts.
  const rules = Object.entries({
    ...hosts,
    [`*.${gateway.baseHost}`]: hostname,
    [gateway.baseHost]: hostname,
  });
  return await chromium.launch({
    executablePath: environment().chromium,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      `--host-resolver-rules=${rules.map(([host, address]) => `MAP ${host} ${address}`).join(",")}`,
    ],
  });
}

/** Signs a person in, by a link with a token such as the demo prints. */
export async function signIn(page: Page, gateway: Gateway, token = gateway.token): Promise<void> {
  // A browser that is at this page already would not load it again for another token.
  await page.goto("about:blank");
  await page.goto(`${pageOf(gateway, gateway.baseHost)}_auth/#token=${token}`);
  await page.waitForURL(({ pathname }) => !pathname.startsWith("/_auth/"));
}

/** Saves a picture of a page in the tests' output. */
export async function screenshot(page: Page, name: string): Promise<void> {
  const directory = join(import.meta.dirname, "../output");
  await mkdir(directory, { recursive: true });
  await page.screenshot({ path: join(directory, `${name}.png`) });
}

/** The URL of a view for a browser. */
export function pageOf(gateway: Gateway, host: string): string {
  const { port } = new URL(gateway.origin);
  return `http://${host}${port && `:${port}`}/`;
}
