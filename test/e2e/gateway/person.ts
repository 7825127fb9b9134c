import { setTimeout as pause } from "node:timers/promises";
import { HttpBrowser, type Page } from "../client/http_browser.ts";
import type { Tally } from "../outcome/tally.ts";
import { oneOf } from "../seed.ts";
import type { SignInWay } from "./sign_in_way.ts";
import { VIEW_COOKIE } from "./view_cookie.ts";
import type { View } from "./view.ts";

/** Milliseconds until somebody tries again. */
const PATIENCE = 300;
/** How often somebody tries again before they give up. */
const TRIES = 100;
/** Where the issuer sends people back to. */
const CALLBACK = "/_auth/callback";

/** Where somebody finds a gateway. */
export interface Doors {
  readonly baseHost: string;
  readonly replicas: readonly { public(): Promise<string> }[];
}

/** Somebody with a browser of their own, whose every request reaches another replica. */
export class Person {
  readonly browser: HttpBrowser;
  readonly user: string;
  readonly #way: SignInWay;
  readonly #gateway: Doors;

  constructor(gateway: Doors, way: SignInWay, next: () => number) {
    this.#gateway = gateway;
    this.#way = way;
    this.user = way.user;
    this.browser = new HttpBrowser(async (host) => way.origins[host] ?? await oneOf(next, gateway.replicas).public());
  }

  /** The value of the cookie with which Envoy lets them in to a view. */
  cookieOf(view: View): string | undefined {
    return this.browser.cookie(view.host, VIEW_COOKIE);
  }

  /** Opens a view's page as it is. */
  openView(view: View): Promise<Page> {
    return this.browser.open(`http://${view.host}/whoami`);
  }

  openBase(): Promise<Page> {
    return this.browser.open(`http://${this.#gateway.baseHost}/`);
  }

  /**
   * Opens a view's page, signs in where the gateway asks for it, and tries again where it has no answer now. Counts each
   * answer on which the person has to act.
   */
  async signIn(view: View, tally: Tally): Promise<Page> {
    let opening = this.openView(view);
    for (let i = 0; i < TRIES; i++) {
      const page = await tally.count(opening) as Page | undefined;
      const step = page?.status === 200 ? this.#way.step(page) : undefined;
      if (step !== undefined) opening = this.browser.open(step.url, step.form);
      else if (page !== undefined && page.status < 500 && page.url.pathname !== CALLBACK) return page;
      else {
        await pause(PATIENCE);
        // What the issuer has said is good once.
        opening = page?.url.pathname === CALLBACK ? this.openView(view) : this.browser.reload();
      }
    }
    throw new Error(`${this.user} gave up.`);
  }
}
