import { deepEqual } from "node:assert/strict";
import { constants } from "node:fs";
import { access } from "node:fs/promises";
import axe from "axe-core";
import { type Browser, chromium, type Page } from "playwright-core";
import type { ViewState } from "../../../view/state.ts";
import type { ApiOptions } from "../../api_options.ts";
import { madeUpLake } from "../../testing/made_up_lake.ts";
import { MADE_UP_TEMPLATES } from "../../testing/made_up_templates.ts";
import { startApiWith } from "../../testing/views_api.ts";

/** Debian's Chromium; undefined where it is not installed. */
const CHROMIUM = await access("/usr/bin/chromium", constants.X_OK).then(
  () => "/usr/bin/chromium",
  () => undefined,
);

export interface OpenConsole {
  readonly page: Page;
  readonly api: ReturnType<typeof startApiWith>;
  readonly origin: string;
}

export interface ConsoleSetting {
  readonly options?: Partial<ApiOptions>;
  /** The views that there are. */
  readonly states?: readonly ViewState[];
}

/** A test in which a person uses the console in Chromium. It is ignored where there is none. */
export function walk(name: string, setting: ConsoleSetting, use: (console: OpenConsole) => Promise<void>): void {
  const fn = () => withConsole(setting, use);
  // Playwright keeps its own process and streams.
  Deno.test({ name, fn, ignore: CHROMIUM === undefined, sanitizeOps: false, sanitizeResources: false });
}

/** Opens the console in Chromium, with a lake that is made up, while this is used. */
async function withConsole(
  { options = {}, states = [] }: ConsoleSetting,
  use: (console: OpenConsole) => Promise<void>,
): Promise<void> {
  const lake = { credentialsEndAt: () => Promise.resolve(undefined) };
  const api = startApiWith(
    { templates: () => MADE_UP_TEMPLATES, lake, bodyLimitBytes: 100_000, ...options },
    ...states,
  );
  await using server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    (request) => new URL(request.url).pathname === "/_api/lake" ? madeUpLake(request) : api.api.fetch(request),
  );
  const origin = `http://localhost:${server.addr.port}`;
  const browser: Browser = await chromium.launch({ executablePath: CHROMIUM!, args: ["--no-sandbox"] });
  try {
    const page = await browser.newPage({ baseURL: origin });
    page.setDefaultTimeout(60_000);
    await use({ page, api, origin });
  } finally {
    await browser.close();
  }
}

/** Opens a page with a form, and waits until a person can use it. */
export async function openForm(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await page.locator("form.view-form > fieldset:enabled").waitFor();
}

/** What axe-core finds wrong on the page as it is. */
export async function expectAccessible(page: Page): Promise<void> {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() => (globalThis as unknown as { axe: typeof axe }).axe.run());
  deepEqual(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]), []);
}
