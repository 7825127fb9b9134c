/// <reference lib="dom" />
import type { Locator, Page } from "playwright-core";
import { until } from "../until.ts";
import { type Acted, acted, type Hands } from "./hands.ts";

/** More than any page has places for the focus. */
const MOST = 100;

/** A person without a mouse, who must see where the focus is all the time. */
export class Keyboard implements Hands {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  async press(...what: Acted): Promise<void> {
    const [role] = what;
    const wanted = await this.#reach(what);
    const isBox = role === "radio" || role === "checkbox";
    // The arrow keys have chosen a radio button already.
    if (isBox && await wanted.isChecked()) return;
    await until(`${what.join(" ")} can be used`, () => wanted.isEnabled());
    await this.#mark(what);
    await this.page.keyboard.press(isBox ? "Space" : "Enter");
  }

  async write(text: string, ...what: Acted): Promise<void> {
    await this.#reach(what);
    await this.page.keyboard.press("ControlOrMeta+A");
    await this.page.keyboard.type(text);
  }

  /** Moves the focus to something, as Tab, Shift+Tab and the arrow keys do. */
  async #reach(what: Acted): Promise<Locator> {
    const wanted = acted(this.page, what);
    await wanted.waitFor();
    await this.#expectKeptFocus();
    const passed: string[] = [];
    for (let i = 0; i < MOST; i++) {
      const way = await wanted.evaluate(keyTowards);
      if (way === undefined) return wanted;
      await this.page.keyboard.press(way);
      passed.push(`${way} → ${await focused(this.page)}`);
      const fault = await this.page.evaluate(invisibleFocus);
      if (fault !== undefined) {
        throw new Error(`${passed.at(-1)}: nobody sees the focus: ${fault}`);
      }
    }
    throw new Error(`The keyboard does not reach ${what.join(" ")}. It went:\n${passed.join("\n")}`);
  }

  /** Notes in the page what is pressed now. Another page has no such note. */
  async #mark([role, name]: Acted): Promise<void> {
    await this.page.evaluate((what) => document.documentElement.dataset.pressed = what, `${role} ${name}`);
  }

  /** Within one page, what is pressed never takes the focus away for good. */
  async #expectKeptFocus(): Promise<void> {
    const pressed = await this.page.evaluate(() =>
      document.activeElement === document.body ? document.documentElement.dataset.pressed : undefined
    );
    if (pressed !== undefined) {
      throw new Error(`After ${pressed} is pressed, the page has lost the focus.`);
    }
  }
}

/** Runs in the page: which key moves the focus towards an element; undefined when it has it. */
function keyTowards(wanted: Element): string | undefined {
  const now = document.activeElement;
  if (now === wanted) return undefined;
  if (now === null || now === document.body) return "Tab";
  const isBefore = (now.compareDocumentPosition(wanted) & Node.DOCUMENT_POSITION_PRECEDING) !==
    0;
  const isSameGroup = now instanceof HTMLInputElement &&
    wanted instanceof HTMLInputElement &&
    now.type === "radio" && wanted.type === "radio" && now.name === wanted.name;
  if (isSameGroup) return isBefore ? "ArrowUp" : "ArrowDown";
  return isBefore ? "Shift+Tab" : "Tab";
}

/** Runs in the page: why nobody can see where the focus is; undefined where they can. */
function invisibleFocus(): string | undefined {
  const now = document.activeElement;
  // Between the end of a page and its beginning.
  if (now === null || now === document.body) return undefined;
  const { outlineStyle, outlineWidth } = getComputedStyle(now);
  if (outlineStyle === "none" || parseFloat(outlineWidth) < 1) {
    return "it has no outline";
  }
  // A part of it suffices: https://www.w3.org/TR/WCAG22/#focus-not-obscured-minimum
  const seen = [...now.getClientRects()].some(({ left, top, right, bottom }) => {
    const [x0, x1] = [Math.max(left, 0), Math.min(right, innerWidth)];
    const [y0, y1] = [Math.max(top, 0), Math.min(bottom, innerHeight)];
    const above = x0 < x1 && y0 < y1 ? document.elementFromPoint((x0 + x1) / 2, (y0 + y1) / 2) : null;
    return above !== null && (now.contains(above) || above.contains(now));
  });
  return seen ? undefined : "something covers it, or it is not on the screen";
}

/** What has the focus, as somebody hears it. */
async function focused(page: Page): Promise<string> {
  const locator = page.locator(":focus");
  if (await locator.count() === 0) return "nothing";
  return (await locator.first().ariaSnapshot()).split("\n")[0]!.replace(/^- /, "").slice(0, 120);
}
