import { expect, test } from "vitest";
import { openBrowser, pageOf } from "../../client/browser.ts";
import { environment } from "../../environment.ts";
import { theSignInGateway } from "../../gateway/gateway.ts";

// Its hostnames are looked up where this process is.
test.skipIf(!environment().direct)(
  "without scripts, a person signs in, finds a view by a search, and reads its page",
  async () => {
    const gateway = await theSignInGateway();
    await using view = await gateway.create("scriptless", { subsets: [{ bucket: "lake", prefix: "sales/2025/" }] });
    await using other = await gateway.create("other");
    await using browser = await openBrowser(gateway);
    const page = await (await browser.newContext({ javaScriptEnabled: false }))
      .newPage();

    await page.goto(pageOf(gateway, gateway.baseHost));
    await page.getByLabel("Or with a token").fill(gateway.token);
    await page.getByRole("button", { name: "Sign in with the token" }).click();
    await page.getByRole("rowheader", { name: other.name }).waitFor();
    expect(await page.locator("noscript").first().innerText()).toMatch(/You can read these pages without JavaScript/);

    await page.getByRole("searchbox", { name: "Name" }).fill(view.name);
    await page.getByRole("button", { name: "Search" }).click();
    await page.getByText("1 view fits").waitFor();
    expect(new URL(page.url()).searchParams.get("q")).toBe(view.name);
    expect(await page.getByRole("rowheader", { name: other.name }).count()).toBe(0);

    await page.getByRole("link", { name: view.name, exact: true }).click();
    await page.getByRole("heading", { name: view.name, level: 1 }).waitFor();
    await page.getByText("It wakes on its next request.").waitFor();
    await page.getByRole("cell", { name: "sales/2025/" }).waitFor();

    await page.getByRole("link", { name: "New view" }).first().click();
    await page.getByRole("heading", { name: "New view" }).waitFor();
    expect(await page.locator("main noscript").innerText()).toMatch(/This form needs JavaScript.*curl/s);
  },
);
