import { expect, test } from "vitest";
import { openBrowser, pageOf, signIn } from "../../client/browser.ts";
import { complaintsOf } from "../../client/complaints.ts";
import { lookAt, takePicture } from "../../client/looks.ts";
import { environment } from "../../environment.ts";
import { theSignInGateway } from "../../gateway/gateway.ts";
import { Stranger } from "../../gateway/stranger.ts";

// Its hostnames are looked up where this process is.
const story = test.skipIf(!environment().direct);

story(
  "axe-core finds nothing on the pages to sign in at, of a start, of a failure and of refusals, and nothing overflows",
  { timeout: 120_000 },
  async () => {
    const gateway = await theSignInGateway();
    await using starting = await gateway.create("sales-2025", { template: "never-ready" });
    await using failed = await gateway.create("orders", { template: "crashes" });
    await using browser = await openBrowser(gateway);
    const page = await browser.newPage();
    const complaints = complaintsOf(page);

    await page.goto(pageOf(gateway, gateway.baseHost));
    await page.getByRole("link", { name: "Sign in with your account" }).waitFor();
    await lookAt(page, "sign-in");

    await signIn(page, gateway);
    await page.goto(`${pageOf(gateway, gateway.baseHost)}_auth/`);
    await page.getByRole("heading", { name: "Signed in" }).waitFor();
    await lookAt(page, "signed-in");

    await page.goto(pageOf(gateway, starting.host));
    await page.locator("#steps li.current").waitFor();
    await lookAt(page, "waiting");
    await takePicture(page, "waiting");

    await page.goto(pageOf(gateway, failed.host));
    await page.getByRole("link", { name: "Try again" }).waitFor({ timeout: 60_000 });
    await lookAt(page, "failed");

    await page.goto(pageOf(gateway, gateway.hostOf("there-is-none")));
    await page.getByText("there-is-none").first().waitFor();
    await lookAt(page, "unknown");

    await page.context().clearCookies();
    await using stranger = await Stranger.in(gateway.viewsNamespace);
    await signIn(page, gateway, stranger.token);
    const refused = await page.goto(pageOf(gateway, starting.host));
    expect(refused!.status()).toBe(403);
    await lookAt(page, "refused");

    await page.goto(pageOf(gateway, gateway.baseHost));
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.waitForURL(/signed-out/);
    await lookAt(page, "signed-out");
    expect(complaints).toEqual([]);
  },
);
