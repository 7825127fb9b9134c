/// <reference lib="dom" />
import { chromium, type Page } from "playwright-core";

/** Milliseconds of one visit of the list, as the browser has them. */
export interface PageVisit {
  readonly firstPaint: number;
  readonly hydrated: number;
  /** From the last key of a search to the frame that has its rows. */
  readonly search: number;
}

/** Debian's Chromium, with pages that nothing is cached for. */
export class MeasuredPages implements AsyncDisposable {
  readonly #browser;

  private constructor(browser: Awaited<ReturnType<typeof chromium.launch>>) {
    this.#browser = browser;
  }

  static async start(): Promise<MeasuredPages> {
    return new MeasuredPages(await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] }));
  }

  /** @param found how many views the search finds */
  async visit(origin: string, token: string, search: string, found: string): Promise<PageVisit> {
    const context = await this.#browser.newContext({ extraHTTPHeaders: { authorization: `Bearer ${token}` } });
    try {
      const page = await context.newPage();
      await page.goto(origin);
      // A page may be hydrated before the browser first paints it.
      await page.waitForFunction(() =>
        ["first-contentful-paint", "hydrated"].every((name) => performance.getEntriesByName(name).length > 0)
      );
      const { firstPaint, hydrated } = await page.evaluate(() => ({
        firstPaint: performance.getEntriesByName("first-contentful-paint")[0]!.startTime,
        hydrated: performance.getEntriesByName("hydrated")[0]!.startTime,
      }));
      return { firstPaint, hydrated, search: await searched(page, search, found) };
    } finally {
      await context.close();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#browser.close();
  }
}

async function searched(page: Page, search: string, found: string): Promise<number> {
  await page.evaluate((found) => {
    document.querySelector("input[name=q]")!.addEventListener("input", () => {
      performance.clearMarks("last key");
      performance.mark("last key");
    });
    const observer = new MutationObserver(() => {
      if (document.querySelector(".count")?.textContent !== found) return;
      observer.disconnect();
      // The frame after the next one begins when the rows have been shown.
      requestAnimationFrame(() => requestAnimationFrame(() => performance.measure("search", "last key")));
    });
    observer.observe(document.body, { subtree: true, childList: true, characterData: true });
  }, found);
  await page.locator("input[name=q]").pressSequentially(search, { delay: 60 });
  await page.waitForFunction(() => performance.getEntriesByName("search").length > 0);
  return await page.evaluate(() => performance.getEntriesByName("search")[0]!.duration);
}
