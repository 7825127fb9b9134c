import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { complaintsOf } from "../../client/complaints.ts";
import type { Hands } from "../../client/hands.ts";
import { basePageOf, openSignInBrowser, personsPage } from "../../client/issuer.ts";
import { Keyboard } from "../../client/keyboard.ts";
import { takePicture } from "../../client/looks.ts";
import { Mouse } from "../../client/mouse.ts";
import { environment } from "../../environment.ts";
import { theSignInGateway, uniqueName } from "../../gateway/gateway.ts";
import { View } from "../../gateway/view.ts";

// The issuer's and the views' hostnames are looked up where this process is.
const story = test.skipIf(!environment().direct);

story.for(
  [["mouse", Mouse], ["keyboard", Keyboard]] as const,
)(
  "with nothing but the %s, an analyst signs in, creates a view of their data, reads its rows, and later deletes it",
  { timeout: 150_000 },
  async ([tool, HandsOf]) => {
    const gateway = await theSignInGateway();
    await using view = new View(gateway, uniqueName(`sales-by-${tool}`));
    await using browser = await openSignInBrowser(gateway);
    const page = await personsPage(browser);
    const complaints = complaintsOf(page);
    const hands = new HandsOf(page);

    await page.goto(basePageOf(gateway));
    await signIn(hands);
    await createView(hands, view, tool === "mouse");
    await readRows(hands, tool === "mouse");
    await page.goBack();
    await onPageOf(page, view);
    await page.getByText("It answers requests.").waitFor();
    if (tool === "mouse") await takePicture(page, "view-page");
    await restartAndChange(hands, view);
    await sleepAndDelete(hands, view);
    expect(complaints).toEqual([]);
  },
);

async function signIn(hands: Hands): Promise<void> {
  await hands.press("link", "Sign in with your account");
  await hands.write("ada", "textbox", "Name");
  await hands.write("ada", "textbox", "Password");
  await hands.press("button", "Sign in");
  await hands.page.getByText("oidc:ada").first().waitFor();
}

async function createView(hands: Hands, { name }: View, isPictured: boolean): Promise<void> {
  const { page } = hands;
  await hands.write("there-is-none", "searchbox", "Name");
  await page.getByRole("heading", { name: "No view fits" }).waitFor();
  await hands.press("link", "Show all views");
  await page.waitForURL(({ search }) => search === "");
  await hands.press("link", "New view");

  await hands.write(name, "textbox", "Name");
  await hands.press("radio", /^duckdb /);
  await hands.press("button", "Browse the lake");
  await hands.press("button", /^lake\b/);
  await hands.press("button", /^sales\/$/);
  await hands.press("button", /^2025\/$/);
  await hands.press("button", /^Use this folder/);
  await page.getByText("is in the view as subset 1").waitFor();
  if (isPictured) await takePicture(page, "new", page.getByRole("group", { name: "Which data it gets" }));
  await hands.press("button", "Close the lake");
  await hands.write("oidc:guests", "textbox", "These groups");
  await hands.press("button", "Create the view");
  await onPageOf(page, { name });
  await page.getByText("It wakes on its next request.").waitFor();
  await page.getByText("Group oidc:guests").waitFor();
}

/** Opens the view, which sleeps: the page of its start goes on to it by itself. */
async function readRows(hands: Hands, isPictured: boolean): Promise<void> {
  const { page } = hands;
  await hands.press("link", "Open");
  await page.locator("#steps").waitFor();
  await page.getByText("100 rows").first().waitFor({ timeout: 60_000 });
  await page.getByRole("cell").first().waitFor();
  if (isPictured) await takePicture(page, "view");
}

async function restartAndChange(hands: Hands, view: View): Promise<void> {
  const { page } = hands;
  await hands.press("button", "Restart");
  await page.getByText("It answers requests.").waitFor({ state: "hidden" });
  await page.getByText("It answers requests.").waitFor({ timeout: 60_000 });

  await hands.press("link", "Edit");
  await hands.press("radio", "another time");
  await hands.write("5", "textbox", "Amount of the idle time");
  await hands.press("button", "Save the changes");
  await onPageOf(page, view);
  await page.getByText("5 minutes").waitFor();
}

async function sleepAndDelete(hands: Hands, view: View): Promise<void> {
  const { page } = hands;
  await hands.press("button", "Sleep");
  await page.getByText("It wakes on its next request.").waitFor();

  await hands.press("button", "Delete");
  await hands.press("button", "Cancel");
  await page.getByRole("dialog").waitFor({ state: "hidden" });
  await hands.press("button", "Delete");
  await hands.press("button", `Delete ${view.name}`);
  await page.waitForURL(({ pathname }) => pathname === "/");
  await page.getByText(`View ${view.name} is deleted.`).first().waitFor();
  await page.getByRole("link", { name: view.name, exact: true }).waitFor({ state: "hidden" });
  expect((await view.gateway.api({ path: `/_api/views/${view.name}` })).status).toBe(404);
}

async function onPageOf(page: Page, { name }: Pick<View, "name">): Promise<void> {
  await page.waitForURL(({ pathname }) => pathname === `/views/${name}`);
  await page.getByRole("heading", { name, level: 1 }).waitFor();
}
