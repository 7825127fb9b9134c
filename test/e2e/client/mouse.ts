import type { Page } from "playwright-core";
import { type Acted, acted, type Hands } from "./hands.ts";

/** A person who touches the keyboard only to write. */
export class Mouse implements Hands {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  async press(...what: Acted): Promise<void> {
    await acted(this.page, what).click();
  }

  async write(text: string, ...what: Acted): Promise<void> {
    // Three clicks select what is there.
    await acted(this.page, what).click({ clickCount: 3 });
    await this.page.keyboard.press("Delete");
    await this.page.keyboard.type(text);
  }
}
