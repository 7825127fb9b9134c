/** A browser as far as an issuer needs one: it keeps cookies by their paths, and follows redirects. */
import { sendTo } from "./send_to.ts";

interface Cookie {
  readonly value: string;
  readonly path: string;
}

export class IssuerBrowser {
  readonly #cookies = new Map<string, Cookie>();

  /**
   * Opens the issuer's page, signs in where it asks for that, and goes on until the browser leaves the issuer.
   * @returns the URL to which the issuer sends the browser
   */
  async signIn(url: string, name: string, password = name): Promise<string> {
    const issuer = new URL(url).origin;
    let next = new URL(url);
    let form: URLSearchParams | undefined;
    for (let step = 0; step < 10; step++) {
      const { status, headers, body } = await this.#send(next, form);
      form = undefined;
      const location = headers.location;
      if (location !== undefined) {
        next = new URL(location, next);
        if (next.origin !== issuer) return next.href;
        continue;
      }
      const action = /<form method="post" action="([^"]+)"/.exec(body)?.[1];
      if (status !== 200 || action === undefined) {
        throw new Error(`The issuer answers ${status}: ${body.slice(0, 500)}`);
      }
      next = new URL(action, next);
      form = new URLSearchParams({ name, password });
    }
    throw new Error("The issuer redirects without end.");
  }

  async #send(url: URL, form: URLSearchParams | undefined) {
    const cookie = [...this.#cookies].filter(([, { path }]) => url.pathname.startsWith(path))
      .map(([name, { value }]) => `${name}=${value}`).join("; ");
    const answer = await sendTo(url, { form, cookie });
    for (const set of answer.headers["set-cookie"] ?? []) this.#keep(set);
    return answer;
  }

  #keep(set: string): void {
    const [pair = "", ...attributes] = set.split(/; */);
    const [name, value] = [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)];
    const path = attributes.find((attribute) => /^path=/i.test(attribute))?.slice(5) ?? "/";
    if (value === "") this.#cookies.delete(name);
    else this.#cookies.set(name, { value, path });
  }
}
