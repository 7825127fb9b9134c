import type { Locator, Page } from "playwright-core";

/** The roles of what people act on: https://www.w3.org/TR/wai-aria-1.2/#role_definitions */
type ActedRole =
  | "button"
  | "checkbox"
  | "link"
  | "radio"
  | "searchbox"
  | "textbox";

/** What somebody acts on, as they know it: by its role and its name, which is whole unless it is a pattern. */
export type Acted = readonly [role: ActedRole, name: string | RegExp];

/** How a person acts on a page: with the mouse, or with the keyboard alone. */
export interface Hands {
  readonly page: Page;
  /** Presses a button or a link, or chooses a radio button or a checkbox. */
  press(...what: Acted): Promise<void>;
  /** Writes a text in place of the one in a field. */
  write(text: string, ...what: Acted): Promise<void>;
}

/** The first thing of this role and name. */
export function acted(page: Page, [role, name]: Acted): Locator {
  return page.getByRole(role, { name, exact: typeof name === "string" })
    .first();
}
