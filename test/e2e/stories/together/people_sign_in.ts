import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { pageOf, screenshot } from "../../client/browser.ts";
import { ask } from "../../client/http.ts";
import { takePicture } from "../../client/looks.ts";
import { basePageOf, openSignInBrowser, openSigningIn, personsPage } from "../../client/issuer.ts";
import { environment } from "../../environment.ts";
import { type Gateway, theSignInGateway, uniqueName } from "../../gateway/gateway.ts";
import { View } from "../../gateway/view.ts";

// The issuer's and the views' hostnames are looked up where this process is.
const story = environment().direct ? test : test.skip;

/** Creates a view with the session that a person has at the base host, as a page of the base host would. */
async function create(gateway: Gateway, person: Page, spec: unknown): Promise<number> {
  const cookies = (await person.context().cookies()).filter(({ domain }) => domain === gateway.baseHost);
  const { status } = await ask(gateway.origin, gateway.baseHost, {
    method: "POST",
    path: "/_api/views",
    headers: {
      "content-type": "application/json",
      cookie: cookies.map(({ name, value }) => `${name}=${value}`).join("; "),
      origin: new URL(basePageOf(gateway)).origin,
      "sec-fetch-site": "same-origin",
    },
    body: JSON.stringify(spec),
  });
  return status;
}

/** Waits until a browser shows the view's own page: the page of the start goes on to it by itself. */
async function ownPage(page: Page, { name }: View): Promise<void> {
  await page.getByText("Requests so far").waitFor({ timeout: 60_000 });
  await page.waitForLoadState();
  expect(await page.title()).toBe(name);
}

story(
  "two people sign in: one shares a view with a group, the other opens it cold, is refused on another, and signs out",
  async () => {
    const gateway = await theSignInGateway();
    await using browser = await openSignInBrowser(gateway);
    await using shared = new View(gateway, uniqueName("shared"));
    await using own = new View(gateway, uniqueName("own"));

    const ada = await personsPage(browser);
    await openSigningIn(
      ada,
      basePageOf(gateway),
      "ada",
      (whose) => whose === "gateways" ? takePicture(ada, "sign-in") : screenshot(ada, "sign-in-issuers"),
    );
    await ada.getByText("oidc:ada").first().waitFor();
    expect(await create(gateway, ada, { name: shared.name, subsets: [], access: { groups: ["oidc:guests"] } })).toBe(
      201,
    );
    expect(await create(gateway, ada, { name: own.name, subsets: [] })).toBe(201);

    // Nothing has woken the view yet. Ben signs in on his way to it, and waits on the page of its start.
    const ben = await personsPage(browser);
    await openSigningIn(ben, pageOf(gateway, shared.host), "ben");
    await ownPage(ben, shared);
    const whoami = await ben.goto(`${pageOf(gateway, shared.host)}whoami`);
    const { headers } = await whoami!.json();
    expect(headers["X-Forwarded-User"]).toEqual(["oidc:ben"]);
    expect(headers["X-Forwarded-Groups"]).toEqual(["oidc:guests"]);
    expect(JSON.stringify(headers)).not.toMatch(/__Host-|Bearer/);

    const refused = await ben.goto(pageOf(gateway, own.host));
    expect(refused!.status()).toBe(403);
    await takePicture(ben, "refused");
    expect(await own.phase()).toBe("asleep");

    await ben.goto(basePageOf(gateway));
    await ben.getByText("oidc:ben").first().waitFor();
    await takePicture(ben, "console");
    expect(await create(gateway, ben, { name: uniqueName("refused"), subsets: [] })).toBe(403);

    await ben.getByRole("button", { name: "Sign out" }).click();
    await ben.waitForURL(/signed-out/);
    await screenshot(ben, "signed-out");
    await ben.context().clearCookies({ name: "__Host-view" });
    await ben.goto(pageOf(gateway, shared.host));
    await ben.locator("a#issuer").waitFor();

    // Ada is still in.
    await ada.goto(pageOf(gateway, own.host));
    await ownPage(ada, own);
  },
);
