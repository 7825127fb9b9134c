import type { Answer } from "./http.ts";

/** The cookie by which Envoy lets a client in to one view. */
const COOKIE = /^__Host-view=[^;]+/;

/**
 * How a client shows to one host who it is, as a browser does: at first by its token, then by the cookie that it got for
 * it.
 */
export class Proof {
  readonly #authorization: string;
  #cookie: string | undefined;

  constructor(token: string) {
    this.#authorization = `Bearer ${token}`;
  }

  /** For the next request. */
  get headers(): Readonly<Record<string, string>> {
    return this.#cookie === undefined ? { authorization: this.#authorization } : { cookie: this.#cookie };
  }

  /** The same, for a request that is sent byte by byte. */
  get lines(): string {
    return Object.entries(this.headers).map(([name, value]) => `${name}: ${value}\r\n`).join("");
  }

  /** Keeps the cookie of an answer, if it has a new one. */
  learn({ headers }: Answer): void {
    for (const cookie of [headers["set-cookie"] ?? []].flat()) this.#cookie = COOKIE.exec(cookie)?.[0] ?? this.#cookie;
  }
}
