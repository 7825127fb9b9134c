/// <reference lib="dom" />
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Locator, Page } from "playwright-core";
import { expect } from "vitest";
import { accessibilityFaults } from "./accessibility.ts";

const SIZES = { desktop: { width: 1440, height: 900 }, phone: { width: 360, height: 740 } } as const;
const SCHEMES = ["light", "dark"] as const;

/** Where the pictures of pages are. */
const DIRECTORY = join(import.meta.dirname, "../output/pages");

/**
 * Looks at a page as it is now, on a desktop and on a phone, in light and in dark: keeps a picture of each, and expects
 * that axe-core finds nothing and that nothing is wider than the screen.
 */
export async function lookAt(page: Page, name: string): Promise<void> {
  await mkdir(DIRECTORY, { recursive: true });
  for (const [size, viewport] of Object.entries(SIZES)) {
    await page.setViewportSize(viewport);
    for (const colorScheme of SCHEMES) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      const look = `${name}-${size}-${colorScheme}`;
      await page.screenshot({ path: join(DIRECTORY, `${look}.png`), fullPage: true });
      expect.soft(await accessibilityFaults(page), look).toEqual([]);
      expect.soft(await overflow(page), `${look} is wider than the screen`)
        .toBeLessThanOrEqual(0);
    }
  }
}

/** By how many pixels a page is wider than its window. */
async function overflow(page: Page): Promise<number> {
  return await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth");
}

/** The documents' pictures: they have one size, and one name each. */
const PICTURES = join(import.meta.dirname, "../output/pictures");

/**
 * Takes a picture of a page for the documents.
 * @param top what the picture begins with, if it is not the page's beginning
 */
export async function takePicture(page: Page, name: string, top?: Locator): Promise<void> {
  await mkdir(PICTURES, { recursive: true });
  await page.setViewportSize({ width: 1200, height: 720 });
  await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
  await top?.evaluate((element) => element.scrollIntoView());
  await page.screenshot({ path: join(PICTURES, `${name}.png`) });
}
