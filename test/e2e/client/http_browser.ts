import { type Answer, ask } from "./http.ts";

/** How a browser asks for a page that a person wants to see. */
const NAVIGATION = {
  accept: "text/html",
  "sec-fetch-dest": "document",
  "sec-fetch-mode": "navigate",
  "sec-fetch-site": "none",
};

/** Redirects that are followed in a row. */
const REDIRECTS = 20;

/** A page, where the redirects ended. */
export interface Page extends Answer {
  readonly url: URL;
}

type Form = Readonly<Record<string, string>>;

/** A browser without a window: it keeps the cookies of each host by their paths, and follows redirects. */
export class HttpBrowser {
  readonly #originOf: (host: string) => Promise<string>;
  readonly #cookies = new Map<string, { readonly value: string; readonly path: string }>();
  #last: { readonly url: URL; readonly form: Form | undefined } | undefined;

  /** @param originOf where a host, with its port, is reached */
  constructor(originOf: (host: string) => Promise<string>) {
    this.#originOf = originOf;
  }

  cookie(host: string, name: string): string | undefined {
    return this.#cookies.get(`${host} ${name}`)?.value;
  }

  setCookie(host: string, name: string, value: string): void {
    this.#cookies.set(`${host} ${name}`, { value, path: "/" });
  }

  /** The Cookie header of a request. */
  cookies(host: string, path: string): string {
    return [...this.#cookies].filter(([key, cookie]) => key.startsWith(`${host} `) && path.startsWith(cookie.path))
      .map(([key, { value }]) => `${key.slice(host.length + 1)}=${value}`).join("; ");
  }

  /** Opens a page. With a form, a page of the same host sends it. */
  async open(url: string, form?: Form): Promise<Page> {
    let page = await this.#send(new URL(url), form);
    for (let i = 0; i < REDIRECTS && page.headers.location !== undefined; i++) {
      page = await this.#send(new URL(String(page.headers.location), page.url), undefined);
    }
    return page;
  }

  /** Sends the last request again, as the browser's button does, and goes on from there. */
  async reload(): Promise<Page> {
    const { url, form } = this.#last!;
    return await this.open(url.href, form);
  }

  async #send(url: URL, form: Form | undefined): Promise<Page> {
    this.#last = { url, form };
    const cookie = this.cookies(url.host, url.pathname);
    const ours = { ...NAVIGATION, ...cookie !== "" && { cookie } };
    const posted = { origin: url.origin, "sec-fetch-site": "same-origin", "content-type": FORM };
    const answer = await ask(await this.#originOf(url.host), url.host, {
      path: url.pathname + url.search,
      headers: ours,
      ...form !== undefined &&
        { method: "POST", headers: { ...ours, ...posted }, body: new URLSearchParams(form).toString() },
    });
    for (const set of [answer.headers["set-cookie"] ?? []].flat()) {
      this.#keep(url.host, set);
    }
    return { ...answer, url };
  }

  #keep(host: string, set: string): void {
    const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
    const path = /; *path=([^;]*)/i.exec(set)?.[1] ?? "/";
    if (value === "" || /; *max-age=0(;|$)/i.test(set)) {
      this.#cookies.delete(`${host} ${name}`);
    } else this.#cookies.set(`${host} ${name}`, { value, path });
  }
}

const FORM = "application/x-www-form-urlencoded";
