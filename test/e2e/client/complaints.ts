import type { Page } from "playwright-core";

/**
 * What a browser complains about from now on: errors of scripts, violations of a page's policy, and other errors in its
 * console.
 */
export function complaintsOf(page: Page): readonly string[] {
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(`${page.url()}: ${error}`));
  page.on("console", (message) => {
    if (message.type() === "error" && !isAnswer(message.text())) {
      complaints.push(`${page.url()}: ${message.text()}`);
    }
  });
  return complaints;
}

/** Chromium also writes each answer of 400 and above into the console. */
function isAnswer(text: string): boolean {
  return text.startsWith("Failed to load resource: the server responded with a status of ");
}
