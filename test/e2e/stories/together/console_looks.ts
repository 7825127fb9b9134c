import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { openBrowser, pageOf, signIn } from "../../client/browser.ts";
import { complaintsOf } from "../../client/complaints.ts";
import { lookAt, takePicture } from "../../client/looks.ts";
import { environment } from "../../environment.ts";
import { Author } from "../../gateway/author.ts";
import { type Gateway, theSignInGateway } from "../../gateway/gateway.ts";
import { Stranger } from "../../gateway/stranger.ts";

// Its hostnames are looked up where this process is.
const story = test.skipIf(!environment().direct);

const SALES = [{ bucket: "lake", prefix: "sales/2025/" }];

story(
  "axe-core finds nothing on any page of the console, on a desktop and a phone, in light and dark, and nothing overflows",
  { timeout: 180_000 },
  async () => {
    const gateway = await theSignInGateway();
    await using author = await Author.at(gateway);
    await using browser = await openBrowser(gateway);
    const page = await browser.newPage();
    const complaints = complaintsOf(page);
    const open = (path: string) => page.goto(new URL(path, pageOf(gateway, gateway.baseHost)).href);
    await signIn(page, gateway, author.token);
    await page.getByRole("heading", { name: "There is no view that you may open" }).waitFor();
    await lookAt(page, "list-empty");

    await lookAtNew(page, open);

    await using asleep = await author.create("sales", {
      template: "duckdb",
      subsets: SALES,
      access: { users: ["oidc:ben"] },
    });
    await using starting = await author.create("inventory", { template: "never-ready" });
    await using failed = await author.create("orders", { template: "crashes" });
    await using awake = await author.create("costs", { subsets: SALES });
    await Promise.all([
      author.wake(starting, "starting"),
      author.wake(failed, "failed"),
      author.wake(awake, "awake"),
    ]);
    await lookAtList(page, open, asleep.name);

    for (const [name, view] of Object.entries({ asleep, starting, awake })) {
      await open(`/views/${view.name}`);
      await page.getByRole("heading", { name: view.name }).waitFor();
      await lookAt(page, `view-${name}`);
    }
    await open(`/views/${failed.name}`);
    await page.getByRole("heading", { name: "The last lines of its log" }).waitFor();
    await lookAt(page, "view-failed");
    await open(`/views/${asleep.name}/edit`);
    await page.getByRole("button", { name: "Save the changes" }).waitFor();
    await lookAt(page, "edit");
    await open("/views/there-is-none");
    await page.getByRole("link", { name: "All views" }).waitFor();
    await lookAt(page, "console-unknown");

    await page.context().clearCookies();
    await using guest = await Stranger.in(gateway.viewsNamespace);
    await guest.mayOpen(asleep);
    await lookAsGuest(page, open, gateway, guest.token, asleep.name);
    expect(complaints).toEqual([]);
  },
);

type Open = (path: string) => Promise<unknown>;

async function lookAtNew(page: Page, open: Open): Promise<void> {
  await open("/new");
  await page.getByRole("button", { name: "Browse the lake" }).click();
  for (const name of ["lake", "sales/", "2025/"]) {
    await page.getByRole("list", { name: /Buckets|Folders/ }).getByRole("button", { name, exact: true }).click();
  }
  await page.getByRole("list", { name: "Objects" }).waitFor();
  await lookAt(page, "new-lake");

  await open("/new");
  await page.getByRole("textbox", { name: "Name", exact: true }).fill("Not a name");
  await page.getByRole("button", { name: "Type it by hand" }).click();
  await page.getByRole("button", { name: "Create the view" }).click();
  await page.getByRole("heading", { name: "2 things are wrong" }).waitFor();
  await lookAt(page, "new-mistakes");
}

async function lookAtList(page: Page, open: Open, view: string): Promise<void> {
  await open("/");
  await page.getByText("4 views").waitFor();
  await lookAt(page, "list");
  await takePicture(page, "list");
  await page.getByRole("button", { name: `Delete ${view}` }).click();
  await lookAt(page, "list-delete");
  await open("/?q=there-is-none&phase=failed");
  await page.getByRole("heading", { name: "No view fits" }).waitFor();
  await lookAt(page, "list-no-match");
}

/** Somebody who may open one view, and no more. */
async function lookAsGuest(page: Page, open: Open, gateway: Gateway, token: string, view: string): Promise<void> {
  await signIn(page, gateway, token);
  await page.getByText("You may not create views.").waitFor();
  await lookAt(page, "list-no-right");
  await open(`/views/${view}`);
  await page.getByRole("link", { name: "Open" }).waitFor();
  await lookAt(page, "view-only-open");
  await open("/new");
  await page.getByRole("alert").waitFor();
  await lookAt(page, "new-refused");
}
