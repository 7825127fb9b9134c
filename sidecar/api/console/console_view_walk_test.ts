/** People at the page of a view in Chromium. What the page shows is tested beside it. */
import { deepEqual, equal, match } from "node:assert/strict";
import type { Page } from "playwright-core";
import type { LastStart } from "@view-gateway/types";
import type { ViewPhase } from "../../view/state.ts";
import { expectAccessible, walk } from "./testing/console_in_chromium.ts";
import { viewNamed } from "../testing/views_api.ts";

const focused = (page: Page) => page.evaluate(() => document.activeElement?.textContent);
const said = (page: Page, text: string) => page.locator("#said", { hasText: text }).waitFor({ state: "attached" });
const starting = (step: "scheduling" | "creating container"): ViewPhase => ({ kind: "starting", job: "job-1", step });
const awake: ViewPhase = { kind: "awake", job: "job-1", serving: [] };
const cause = { reason: "OOMKilled", message: "Container app ended with exit code 137" };

let lastStart: LastStart | undefined;

walk(
  "a view that wakes is followed step by step, and the focus stays on its button",
  {
    states: [viewNamed("sales")],
    options: { history: { lastStart: () => lastStart, lastRequestAt: () => undefined } },
  },
  async ({ page, api }) => {
    lastStart = undefined;
    await page.goto("/views/sales");
    await page.getByText("has seen no start of this view").waitFor();
    await expectAccessible(page);
    await page.getByRole("button", { name: "Wake" }).focus();
    await page.keyboard.press("Enter");
    await said(page, "View sales starts.");
    const at = new Date().toISOString();
    lastStart = { at, start: "cold", outcome: "under way", steps: [{ step: "scheduling", seconds: 2 }] };
    api.put("sales", { ...viewNamed("sales", starting("scheduling")), start: "cold" });
    await page.getByRole("row", { name: /Find a node with room.*under way/ }).waitFor();
    await expectAccessible(page);
    lastStart = { at, start: "cold", outcome: "awake", steps: [{ step: "scheduling", seconds: 2.5 }] };
    api.put("sales", { ...viewNamed("sales", awake), start: "cold" });
    await said(page, "View sales is awake.");
    await page.getByText("Cold start: awake after 2.5").waitFor();
    equal(await focused(page), "Wake");
    equal(await page.getByRole("button", { name: "Wake" }).getAttribute("aria-disabled"), "true");
  },
);

walk(
  "a deletion asks first, gives the focus back, and tells in the list that it is done",
  { states: [viewNamed("sales"), viewNamed("zoo")] },
  async ({ page, api, origin }) => {
    await page.goto("/views/sales");
    await page.getByRole("button", { name: "Delete" }).click();
    await page.getByRole("dialog", { name: "Delete view sales?" }).waitFor();
    await expectAccessible(page);
    await page.keyboard.press("Escape");
    equal(await focused(page), "Delete");
    deepEqual(api.written, []);
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Delete sales" }).click();
    await page.waitForURL(`${origin}/`);
    await page.getByText("View sales is deleted.").waitFor();
    await page.reload();
    await page.getByRole("link", { name: "zoo", exact: true }).waitFor();
    equal(await page.getByText("View sales is deleted.").count(), 0);
  },
);

walk(
  "a view that somebody else deletes is gone from its page",
  { states: [viewNamed("sales")] },
  async ({ page, api }) => {
    const followed = page.waitForResponse((response) => response.url().endsWith("?watch"));
    await page.goto("/views/sales");
    await followed;
    api.put("sales", undefined);
    await page.getByText("This view is deleted, or you may no longer see it.").waitFor();
    equal(await page.getByRole("button", { name: "Wake" }).count(), 0);
  },
);

walk(
  "an action that is refused says why beside its button, and whom to ask",
  {
    states: [viewNamed("sales", { kind: "failed", job: "job-1", cause })],
    options: { contact: { text: "data team" } },
  },
  async ({ page, api }) => {
    api.setStarted({ kind: "failed", cause });
    await page.goto("/views/sales");
    await page.getByRole("button", { name: "Wake" }).click();
    const refusal = page.getByRole("alert");
    match(
      await refusal.textContent() ?? "",
      /View sales cannot start: Container app ended with exit code 137.*Ask data team\./,
    );
    await expectAccessible(page);
    await page.route(
      "**/sleep",
      (route) =>
        route.fulfill({
          status: 401,
          json: { type: "about:blank", title: "Unauthorized", status: 401, detail: "Sign in." },
        }),
    );
    await page.getByRole("button", { name: "Sleep" }).click();
    await page.getByRole("link", { name: "Sign in again" }).waitFor();
    equal(await focused(page), "Sleep");
  },
);

walk(
  "a text is copied, or selected where the browser gives no clipboard",
  { states: [viewNamed("sales")] },
  async ({ page, origin }) => {
    await page.addInitScript(() => {
      const copied: string[] = [];
      const writeText = (text: string) => copied.length === 0 ? Promise.resolve(copied.push(text)) : Promise.reject();
      Object.defineProperty(navigator, "clipboard", { value: { writeText } });
      document.execCommand = () => false;
    });
    await page.goto("/views/sales");
    const address = page.locator(".copy").first().getByRole("button");
    await address.click();
    equal(await address.textContent(), "Copied");
    await said(page, "The address is copied.");
    await address.click();
    await said(page, "The address is selected: copy it with the keyboard.");
    equal(await page.evaluate(() => String(getSelection())), `${origin.replace("://", "://sales.")}/`);
  },
);

walk(
  "at 360 pixels nothing leaves the page: long names, many subsets, long log lines",
  {
    states: [{
      ...viewNamed(`w${"-wide".repeat(12)}-1`, { kind: "failed", job: "job-1", cause }),
      owner: "oidc:bob.of.a.department.with.a.long.name@subsidiary.example.com",
      failedLog: "could not allocate memory ".repeat(30),
      spec: {
        subsets: Array.from(
          { length: 64 },
          (_, i) => ({ bucket: "a-bucket-with-a-long-name", prefix: `a/long/way/${i}/` }),
        ),
      },
    }],
  },
  async ({ page }) => {
    await page.setViewportSize({ width: 360, height: 800 });
    await page.emulateMedia({ colorScheme: "dark" });
    await page.goto(`/views/w${"-wide".repeat(12)}-1`);
    equal(await page.evaluate(() => document.documentElement.scrollWidth), 360);
    await expectAccessible(page);
  },
);
