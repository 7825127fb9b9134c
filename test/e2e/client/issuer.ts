import type { Browser, Page } from "playwright-core";
import { core } from "../cluster/cluster.ts";
import { openBrowser, pageOf } from "./browser.ts";
import type { Gateway } from "../gateway/gateway.ts";
import { until } from "../until.ts";

/** The host of the example's issuer. */
const ISSUER_HOST = "provider.sign-in.localhost";

/** A browser that finds the gateway and the issuer. */
export async function openSignInBrowser(gateway: Gateway): Promise<Browser> {
  const { hostname } = new URL(await issuerOrigin());
  return await openBrowser(gateway, { [ISSUER_HOST]: hostname });
}

/** Where the example's issuer is reached. */
export async function issuerOrigin(): Promise<string> {
  const { spec } = await core.readNamespacedService({ namespace: "sign-in", name: "provider" });
  return `http://${spec!.clusterIP}:${spec!.ports![0]!.port}`;
}

/** The page of a person of their own: no cookie of another's is in it. */
export async function personsPage(browser: Browser): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1200, height: 720 } });
  return await context.newPage();
}

/**
 * Opens a page of the gateway as somebody who has not signed in, and signs in at the issuer on the way to it.
 * @param look called at the page of the gateway's to sign in at, and at the issuer's
 */
export async function openSigningIn(
  page: Page,
  url: string,
  name: string,
  look: (whose: "gateways" | "issuers") => Promise<void> = async () => {},
): Promise<void> {
  // While the issuer does not answer, the gateway says so, and the person tries again.
  await until("the issuer takes people", async () => {
    await page.goto(url);
    const link = page.locator("a#issuer");
    await link.waitFor();
    await look("gateways");
    await link.click();
    await page.waitForURL((at) => at.hostname === ISSUER_HOST || at.pathname === "/_auth/login");
    return new URL(page.url()).hostname === ISSUER_HOST;
  });
  await look("issuers");
  await page.getByLabel("Name").fill(name);
  await page.getByLabel("Password").fill(name);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL((at) => at.hostname !== ISSUER_HOST);
}

/** The URL of the gateway's base host for a browser. */
export function basePageOf(gateway: Gateway): string {
  return pageOf(gateway, gateway.baseHost);
}
