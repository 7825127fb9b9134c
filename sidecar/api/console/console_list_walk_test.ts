/** People with the list in Chromium. What the list decides is tested beside it. */
import { deepEqual, equal } from "node:assert/strict";
import type { Page } from "playwright-core";
import type { Authentication } from "../../access/authenticator.ts";
import { walk } from "./testing/console_in_chromium.ts";
import { viewNamed } from "../testing/views_api.ts";

const alice: Authentication = { kind: "known", identity: { user: "oidc:alice", groups: [] }, by: "session" };
let answer: Authentication = alice;
const authenticator = { authenticate: () => Promise.resolve(answer) };

walk(
  "a list whose reader is signed out meanwhile says so, and not that the gateway is lost",
  // A stream ends soon, as it does after minutes.
  { options: { authenticator, watchTiming: { limit: 500, retry: 10, heartbeat: 100 } }, states: [viewNamed("sales")] },
  async ({ page }) => {
    await page.goto("/");
    await page.waitForResponse((response) => response.url().endsWith("watch"));
    answer = { kind: "refused", detail: "Your session is over." };
    await page.getByRole("link", { name: "Sign in again" }).waitFor();
    await page.getByText("Your session is over.").waitFor();
    await page.waitForResponse((response) => response.url().endsWith("watch") && response.status() === 401);
    equal(await page.getByText("The connection to the gateway is lost").count(), 0);
    equal(await page.getByRole("link", { name: "sales", exact: true }).count(), 1, "what was read stays");
    answer = alice;
    await page.getByRole("link", { name: "Sign in again" }).waitFor({ state: "detached" });
  },
);

const HOSTILE =
  `</script><script>document.title="owned"</script><img src=x onerror="document.title='owned'">\u202e\n\x07%2F..`;

/** What the browser has refused to do, or has done that it should not. */
function mishaps(page: Page): readonly string[] {
  const seen: string[] = [];
  page.on("dialog", (dialog) => {
    seen.push(dialog.message());
    void dialog.dismiss();
  });
  page.on("console", (message) => message.type() === "error" && seen.push(message.text()));
  page.on("pageerror", (error) => seen.push(error.message));
  return seen;
}

walk(
  "nothing that others write into a Service becomes HTML, in the list or on the page of the view",
  {
    options: { contact: { text: HOSTILE } },
    states: [{
      ...viewNamed("hostile", { kind: "failed", job: "job-1", cause: { reason: HOSTILE, message: HOSTILE } }),
      owner: HOSTILE,
      failedLog: HOSTILE,
      spec: {
        subsets: [{ bucket: "lake", prefix: `${HOSTILE}/` }],
        template: HOSTILE,
        access: { users: [HOSTILE], groups: [HOSTILE] },
      },
    }],
  },
  async ({ page }) => {
    const seen = mishaps(page);
    for (
      const path of [
        "/",
        `/?q=${encodeURIComponent(HOSTILE)}&owner=${encodeURIComponent(HOSTILE)}`,
        "/views/hostile",
        "/views/hostile/edit",
      ]
    ) {
      await page.goto(path);
      await page.waitForLoadState("load");
      deepEqual([await page.locator("img[src=x]").count(), (await page.title()).includes("owned")], [0, false], path);
    }
    deepEqual(seen, []);
  },
);
