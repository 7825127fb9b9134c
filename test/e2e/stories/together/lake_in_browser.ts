import { expect, test } from "vitest";
import { openBrowser, pageOf, screenshot, signIn } from "../../client/browser.ts";
import { environment } from "../../environment.ts";
import { theGateway } from "../../gateway/gateway.ts";
import { SALES } from "../../gateway/lake.ts";

// Its hostnames are looked up where this process is.
const story = environment().direct ? test : test.skip;

story(
  "a person opens a DuckDB view cold, asks a query and sees rows",
  async () => {
    const gateway = await theGateway();
    await using view = await gateway.create("duckdb", {
      template: "duckdb",
      subsets: SALES,
    });
    await using browser = await openBrowser(gateway);
    const page = await browser.newPage({
      viewport: { width: 1200, height: 850 },
    });
    await signIn(page, gateway);

    // The page that waits goes on to the view by itself.
    await page.goto(pageOf(gateway, view.host));
    const query = page.locator("textarea");
    await query.waitFor({ timeout: 60_000 });
    // The page asks a first query by itself.
    await page.getByText("100 rows").first().waitFor({ timeout: 60_000 });
    await query.fill(
      "SELECT country, count(*) AS orders FROM sales_2026 GROUP BY country ORDER BY orders DESC",
    );
    await query.press("Control+Enter");

    await page.getByText("10 rows").waitFor({ timeout: 30_000 });
    await page.getByRole("cell", { name: "SE", exact: true }).first().waitFor();
    await screenshot(page, "duckdb");
  },
);

story(
  "a person opens a browser view and sees rows of Parquet, without any credentials in the page",
  async () => {
    const gateway = await theGateway();
    await using view = await gateway.create("browser", {
      template: "browser",
      subsets: SALES,
    });
    await using browser = await openBrowser(gateway);
    const page = await browser.newPage({
      viewport: { width: 1200, height: 850 },
    });
    await signIn(page, gateway);
    const asked: string[] = [];
    page.on("request", (request) => {
      const { pathname } = new URL(request.url());
      if (pathname.startsWith("/_lake/")) {
        asked.push(JSON.stringify(request.headers()).toLowerCase());
      }
    });

    await page.goto(pageOf(gateway, view.host));

    await page.getByText("orders-2026-01.parquet").first().waitFor({
      timeout: 60_000,
    });
    await page.getByRole("cell", { name: "2026010000000", exact: true }).first()
      .waitFor({ timeout: 30_000 });
    expect(asked.length).toBeGreaterThan(1);
    for (const headers of asked) {
      expect(headers).not.toMatch(/authorization|x-amz-/);
    }
    await screenshot(page, "browser");
  },
);

story(
  "a page shows the progress of a view that starts slowly or cannot start",
  async () => {
    const gateway = await theGateway();
    await using slow = await gateway.create("slow", { template: "slow" });
    await using broken = await gateway.create("broken", {
      template: "no-image",
    });
    await using browser = await openBrowser(gateway);
    const page = await browser.newPage({
      viewport: { width: 1000, height: 700 },
    });
    await signIn(page, gateway);

    await page.goto(pageOf(gateway, slow.host));
    await page.getByText(slow.name).first().waitFor();
    await screenshot(page, "starting");
    await page.getByText("Uptime").or(page.getByText("Requests")).first()
      .waitFor({ timeout: 60_000 });

    await page.goto(pageOf(gateway, broken.host));
    await page.getByText(/ErrImagePull|ImagePullBackOff/).first().waitFor({
      timeout: 60_000,
    });
    await page.getByRole("link", { name: "Try again" }).waitFor();
    await screenshot(page, "failed");

    await page.goto(pageOf(gateway, gateway.hostOf("there-is-none")));
    await page.getByText("there-is-none").first().waitFor();
    await screenshot(page, "unknown");
  },
);
