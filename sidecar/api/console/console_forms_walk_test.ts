/** People with the form in Chromium. What the form decides is tested beside it. */
import { deepEqual, equal, match } from "node:assert/strict";
import type { V1Service } from "@kubernetes/client-node";
import type { Page } from "playwright-core";
import type { View } from "@view-gateway/types";
import { expectAccessible, openForm, walk } from "./testing/console_in_chromium.ts";
import { viewNamed } from "../testing/views_api.ts";

const specIn = (written: unknown): View =>
  JSON.parse((written as V1Service).metadata?.annotations?.["view.yolean.se/spec"] ?? "null");
const focused = (page: Page) => page.evaluate(() => document.activeElement?.id || document.activeElement?.textContent);

walk(
  "with the mouse, a person finds their data in the lake and creates a view of it",
  {},
  async ({ page, api, origin }) => {
    await openForm(page, "/new");
    await expectAccessible(page);
    await page.getByLabel("Name", { exact: true }).click();
    await page.keyboard.type("sales-2024");
    equal(await page.locator(".url code").textContent(), `${origin.replace("://", "://sales-2024.")}/`);
    await page.getByText("SQL over the subsets").click();
    await page.getByRole("button", { name: "Browse the lake" }).click();
    await page.getByRole("button", { name: "lake", exact: true }).click();
    await page.getByRole("button", { name: "sales/" }).click();
    await page.getByRole("button", { name: "2024/" }).click();
    await page.getByText("part-0000.parquet").waitFor();
    await page.getByRole("button", { name: /Use this folder/ }).click();
    await page.getByText("is in the view as subset 1").waitFor();
    await page.getByLabel("everyone who is signed in").click();
    await expectAccessible(page);
    await page.getByRole("button", { name: "Create the view" }).dblclick();
    await page.waitForURL("**/views/sales-2024");
    equal(api.written.length, 1, "two clicks create one view");
    deepEqual(specIn(api.written[0]), {
      subsets: [{ bucket: "lake", prefix: "sales/2024/" }],
      template: "duckdb",
      access: { everyone: true },
    });
  },
);

walk("with the keyboard alone, a person does the same", {}, async ({ page, api }) => {
  const tabTo = async (name: RegExp) => {
    for (let i = 0; i < 60; i++) {
      await page.keyboard.press("Tab");
      if (name.test(await focused(page) ?? "")) return;
    }
    throw new Error(`Tab does not lead to ${name}, but to ${await focused(page)}`);
  };
  await openForm(page, "/new");
  await tabTo(/^name$/);
  await page.keyboard.type("sales-2024");
  await tabTo(/^template$/);
  await page.keyboard.press("ArrowDown");
  await tabTo(/^subsets$/);
  await page.keyboard.press("Enter");
  for (const [what, here] of [["lake", "lake"], ["sales/", "sales"], ["2024/", "2024"]] as const) {
    await page.locator(".folder", { hasText: new RegExp(`^${what}$`) }).waitFor();
    await tabTo(new RegExp(`^${what}$`));
    await page.keyboard.press("Enter");
    await page.locator("[aria-current=location]", { hasText: here }).waitFor();
    equal(await focused(page), here, "the focus goes along");
  }
  await page.getByText("part-0000.parquet").waitFor();
  await tabTo(/^Use this folder/);
  await page.keyboard.press("Enter");
  await page.getByText("is in the view as subset 1").waitFor();
  equal(await focused(page), "2024", "the focus stays here, where the button has gone");
  await tabTo(/^Create the view$/);
  await page.keyboard.press("Enter");
  await page.waitForURL("**/views/sales-2024");
  deepEqual(specIn(api.written[0]), { subsets: [{ bucket: "lake", prefix: "sales/2024/" }], template: "duckdb" });
});

walk(
  "each mistake is at its field, and the summary of all has the focus and leads there",
  {},
  async ({ page, api }) => {
    await openForm(page, "/new");
    await page.getByRole("button", { name: "Type it by hand" }).click();
    await page.keyboard.type("s3://lake/a//b");
    await page.getByRole("button", { name: "Create the view" }).click();
    equal(await focused(page), "One thing is wrongThe name is missing.");
    await page.getByRole("link", { name: "The name is missing." }).click();
    equal(await focused(page), "name");
    await page.keyboard.type("Sales");
    await page.getByText("sales would do").waitFor();
    await page.fill("#name", "sales");
    // The API finds the rest.
    await page.keyboard.press("Enter");
    await page.getByRole("link", { name: /^Subset 1: the prefix/ }).click();
    match(await focused(page) ?? "", /^subset-\d+-prefix$/);
    equal(await page.locator("input[aria-invalid=true]").count(), 1);
    await expectAccessible(page);
    api.setCreated({ kind: "exists" });
    await page.keyboard.press("ControlOrMeta+a");
    await page.keyboard.type("a");
    await page.keyboard.press("Enter");
    await page.getByRole("link", { name: /^The name is taken/ }).waitFor();
    deepEqual(await page.getByLabel("Folder").inputValue(), "a/");
  },
);

walk("where the gateway does not answer, nothing that is typed is lost", {}, async ({ page, api }) => {
  await openForm(page, "/new");
  await page.fill("#name", "sales");
  await page.fill("#users", "oidc:anna");
  await page.context().setOffline(true);
  await page.getByRole("button", { name: "Create the view" }).click();
  await page.getByText("Nothing that you have typed is lost").waitFor();
  await expectAccessible(page);
  await page.context().setOffline(false);
  await page.getByRole("button", { name: "Create the view" }).click();
  await page.waitForURL("**/views/sales");
  deepEqual(specIn(api.written[0]), { subsets: [], access: { users: ["oidc:anna"] } });
});

walk("data beyond a person's grants is told at its subset, with whom to ask", {
  options: { grants: () => ({ kind: "bounded", grants: [] }), contact: { text: "the data team" } },
}, async ({ page }) => {
  await openForm(page, "/new");
  await page.fill("#name", "sales");
  await page.getByRole("button", { name: "Type it by hand" }).click();
  await page.keyboard.type("lake");
  await page.getByRole("button", { name: "Create the view" }).click();
  await page.getByText("For more grants, ask the data team").waitFor();
  await page.getByRole("link", { name: /^Subset 1 asks for read of all of bucket lake.*you have no grants/ }).click();
  equal(await focused(page), "subset-0-bucket");
});

walk("a long folder comes page by page, and the focus goes on with what is new", {}, async ({ page }) => {
  await openForm(page, "/new");
  await page.getByRole("button", { name: "Browse the lake" }).click();
  await page.getByRole("button", { name: "lake", exact: true }).click();
  await page.getByRole("button", { name: "events/" }).click();
  await page.getByText("day=099/").waitFor();
  equal(await page.locator(".folder").count(), 100);
  await page.getByRole("button", { name: "Show more" }).focus();
  await page.keyboard.press("Enter");
  await page.getByText("day=199/").waitFor();
  equal(await focused(page), "day=100/");
  await page.getByRole("button", { name: "Show more" }).click();
  await page.getByText("day=249/").waitFor();
  equal(await page.getByRole("button", { name: "Show more" }).count(), 0);
});

walk("who leaves a slow bucket ends its request; one that cannot be read says why", {}, async ({ page }) => {
  await openForm(page, "/new");
  await page.getByRole("button", { name: "Browse the lake" }).click();
  await page.getByRole("button", { name: "slow" }).click();
  await page.getByText(/Reading the lake … [2-9] s/).waitFor();
  const [ended] = await Promise.all([
    page.waitForEvent("requestfailed"),
    page.getByRole("button", { name: "All buckets" }).click(),
  ]);
  match(ended.url(), /bucket=slow/);
  await page.getByRole("button", { name: "broken" }).click();
  await page.getByText("S3 does not answer").waitFor();
  await page.getByRole("button", { name: "Read the lake again" }).waitFor();
  await page.getByRole("button", { name: "All buckets" }).click();
  await page.getByRole("button", { name: "payroll" }).click();
  await page.getByText("You may use only some of the folders in here").waitFor();
  await page.getByRole("button", { name: "2024/" }).click();
  await page.getByRole("button", { name: /Use this folder/ }).click();
  equal(await page.locator("option:disabled").textContent(), "read and write (not granted)");
});

walk("who is signed out meanwhile can sign in beside the form, and go on", {}, async ({ page, api }) => {
  await openForm(page, "/new");
  await page.fill("#name", "sales");
  const answer = { type: "urn:view-gateway:sign-in", title: "Unauthorized", status: 401, detail: "Sign in first." };
  await page.route("**/_api/views", (route) => route.fulfill({ status: 401, json: answer }), { times: 1 });
  await page.getByRole("button", { name: "Create the view" }).click();
  const link = page.getByRole("link", { name: "sign in in another tab" });
  deepEqual([await link.getAttribute("href"), await link.getAttribute("target")], ["/_auth/", "_blank"]);
  await page.getByRole("button", { name: "Create the view" }).click();
  await page.waitForURL("**/views/sales");
  equal(api.written.length, 1);
});

walk("who is signed out while they browse the lake keeps what they have typed", {}, async ({ page }) => {
  await openForm(page, "/new");
  await page.fill("#name", "sales");
  const answer = { type: "urn:view-gateway:sign-in", title: "Unauthorized", status: 401, detail: "Sign in first." };
  await page.route("**/_api/lake*", (route) => route.fulfill({ status: 401, json: answer }), { times: 1 });
  await page.getByRole("button", { name: "Browse the lake" }).click();
  const link = page.getByRole("link", { name: "sign in in another tab" });
  deepEqual([await link.getAttribute("href"), await link.getAttribute("target")], ["/_auth/", "_blank"]);
  await page.getByRole("button", { name: "Read the lake again" }).click();
  await page.getByRole("button", { name: "lake", exact: true }).waitFor();
  equal(await page.inputValue("#name"), "sales");
});

walk("where the lake does not tell its buckets, a person goes to one by its name", {}, async ({ page, api }) => {
  await openForm(page, "/new");
  const answer = {
    ...{ type: "urn:view-gateway:lake-denied", title: "Forbidden", status: 403 },
    detail: "The lake does not tell the gateway the names of all buckets. Type the name of a bucket.",
  };
  await page.route("**/_api/lake", (route) => route.fulfill({ status: 403, json: answer }));
  await page.getByRole("button", { name: "Browse the lake" }).click();
  await page.getByLabel("Name of a bucket").fill("s3://lake/sales");
  await expectAccessible(page);
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "2024/" }).click();
  await page.getByRole("button", { name: /Use this folder/ }).click();
  await page.getByText("is in the view as subset 1").waitFor();
  deepEqual(api.written, [], "Enter does not send the form");
});

const sales = {
  ...viewNamed("sales", { kind: "awake", job: "job-1", serving: [] }),
  spec: { subsets: [], idleSeconds: 60, access: { users: ["oidc:anna"] } },
};

walk("a change that crosses another's is told, and both are kept", { states: [sales] }, async ({ page, api }) => {
  await openForm(page, "/views/sales/edit");
  await page.getByRole("button", { name: "Save the changes" }).click();
  await page.getByText("You have changed nothing yet").waitFor();
  await page.fill("#idle", "2");
  const meanwhile: View = { ...sales.spec, template: "duckdb", access: { everyone: true } };
  api.byName.set("sales", { ...sales, spec: meanwhile, resourceVersion: "other" });
  await page.getByRole("button", { name: "Save the changes" }).click();
  await page.getByText("The template was the default, and is duckdb.").waitFor();
  equal(await page.getByText("If-Match").count(), 0, "nobody has to know about versions");
  await expectAccessible(page);
  await page.getByRole("button", { name: /Load the new version/ }).click();
  equal(await page.inputValue("#idle"), "2");
  equal(await page.inputValue("#users"), "");
  await page.getByRole("button", { name: "Save the changes" }).click();
  await page.waitForURL("**/views/sales");
  deepEqual(api.written, [["sales", "other", { ...meanwhile, idleSeconds: 120 }]]);
});

walk("another version that says the same is no reason to ask", { states: [sales] }, async ({ page, api }) => {
  await openForm(page, "/views/sales/edit");
  await page.fill("#idle", "2");
  api.byName.set("sales", { ...sales, resourceVersion: "other" });
  await page.getByRole("button", { name: "Save the changes" }).click();
  await page.waitForURL("**/views/sales");
  deepEqual(api.written, [["sales", "other", { ...sales.spec, idleSeconds: 120 }]]);
});

walk("after a change that the pod does not have yet, a restart is offered", {
  states: [{ ...sales, restartNeeded: ["template"] }],
}, async ({ page, api }) => {
  await openForm(page, "/views/sales/edit");
  await page.getByText("SQL over the subsets").click();
  await page.getByRole("button", { name: "Save the changes" }).click();
  await page.getByText("keeps its former template until a restart").waitFor();
  equal(await focused(page), "View sales is changed");
  await expectAccessible(page);
  await page.getByRole("button", { name: "Restart it now" }).click();
  await page.waitForURL("**/views/sales");
  deepEqual(api.written.slice(1), [["start", "sales"]]);
});
