import type { Authentication } from "../../access/authenticator.ts";
import type { AuditEntry } from "../../access/audit_entry.ts";
import type { Handler } from "../../http/http_server.ts";
import { type SessionReplica, SessionWorld } from "../../session/testing/session_world.ts";
import { type BeginOptions, type IdentityProvider, type SignedIn, SignInError } from "../../oidc/identity_provider.ts";
import { Attempts } from "../attempts.ts";
import { authAnswers } from "../auth_answers.ts";
import { HandOver } from "../hand_over.ts";

/** An issuer at which somebody is signed in, or nobody. */
class SmallIssuer implements IdentityProvider {
  person: SignedIn["identity"] | undefined;
  failure: SignInError | undefined;
  readonly begun: BeginOptions[] = [];
  #count = 0;

  begin(returnTo: string, options: BeginOptions = {}) {
    if (this.failure) return Promise.reject(this.failure);
    this.begun.push(options);
    const state = `state-${++this.#count}`;
    const url = `https://issuer.example/authorize?${new URLSearchParams({ redirect_uri: returnTo, state })}`;
    return Promise.resolve({ url, state, attempt: `secret of ${state}, ${options.silent ? "silent" : "asking"}` });
  }

  finish(callbackUrl: string, attempt: string): Promise<SignedIn> {
    if (this.failure) return Promise.reject(this.failure);
    const state = new URL(callbackUrl).searchParams.get("state");
    if (!attempt.startsWith(`secret of ${state},`)) throw new SignInError("attempt-mismatch", "not this attempt");
    if (this.person === undefined) throw new SignInError("login-required", "nobody is signed in");
    return Promise.resolve({ identity: this.person, authTime: 0 });
  }
}

/** A gateway whose base host is views.example. */
export interface AuthGateway {
  readonly handler: Handler;
  readonly replica: SessionReplica;
  readonly audited: AuditEntry[];
  readonly handOver: HandOver;
}

/** Gateways with the views `sales` and `hr`, and what they share. */
export class AuthWorld implements AsyncDisposable {
  readonly world = new SessionWorld();
  readonly issuer = new SmallIssuer();
  tokens: Readonly<Record<string, Authentication>> = {};
  hasIssuer = true;
  baseHost = "views.example";
  formLimit = 10_000;

  async gateway(): Promise<AuthGateway> {
    const { baseHost } = this;
    const confirm = (token: string): Authentication =>
      this.tokens[token] ?? { kind: "refused", detail: "It is not valid." };
    this.world.confirm = confirm;
    const replica = await this.world.replica();
    const { sessions, keys } = replica;
    const audited: AuditEntry[] = [];
    const handOver = new HandOver({ sessions, baseHost });
    const options = {
      ...{ sessions, handOver, baseHost },
      attempts: new Attempts(sessions),
      signOut: (user: string, began: number) => keys.signOut(user, began),
      confirm: (token: string) => Promise.resolve(confirm(token)),
      provider: this.hasIssuer ? this.issuer : undefined,
      isView: (name: string) => Promise.resolve(name === "sales" || name === "hr"),
      audit: (entry: AuditEntry) => void audited.push(entry),
      formLimit: this.formLimit,
    };
    const handler = authAnswers(options, async (request) => {
      const { host, pathname } = new URL(request.url);
      const cookie = request.headers.get("cookie");
      if (host === baseHost) return new Response(`base ${pathname} ${(await sessions.base(cookie))?.identity.user}`);
      const view = host.split(".")[0]!;
      const found = await sessions.view(cookie, view);
      if (found === undefined) return handOver.signIn(request);
      return new Response(`${view} ${pathname} ${found.session.identity.user} ${found.fresh ? "fresh" : "stale"}`);
    });
    return { handler, replica, audited, handOver };
  }

  [Symbol.asyncDispose]() {
    return this.world[Symbol.asyncDispose]();
  }
}

export interface Visit {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly form?: Readonly<Record<string, string>>;
  /** Redirects to follow at most. Default: 20. */
  readonly follow?: number;
}

export interface Visited {
  readonly url: string;
  readonly status: number;
  readonly text: string;
  readonly headers: Headers;
}

/** A browser: it keeps cookies by host, and follows redirects within a domain. */
export class Browser {
  readonly jar = new Map<string, Map<string, string>>();
  readonly #gateway: { readonly handler: Handler };
  readonly #domain: string;

  constructor(gateway: { readonly handler: Handler }, domain = "views.example") {
    this.#gateway = gateway;
    this.#domain = domain;
  }

  /** The same browser, whose requests reach another gateway. */
  at(gateway: { readonly handler: Handler }): Browser {
    const other = new Browser(gateway, this.#domain);
    for (const [host, cookies] of this.jar) other.jar.set(host, new Map(cookies));
    return other;
  }

  cookie(host: string): string {
    return [...this.jar.get(host) ?? []].map(([name, value]) => `${name}=${value}`).join("; ");
  }

  async open(address: string, { method = "GET", headers = {}, form, follow = 20 }: Visit = {}): Promise<Visited> {
    let url = new URL(address);
    let answer = await this.#ask(url, form === undefined ? method : "POST", headers, form);
    for (let i = 0; i < follow && answer.status === 303; i++) {
      url = new URL(answer.headers.get("location")!, url);
      if (!url.hostname.endsWith(this.#domain)) break;
      const { origin: _, ...others } = headers;
      // https://www.w3.org/TR/fetch-metadata/#sec-fetch-site-header: of all the hosts on the way.
      const isOther = headers["sec-fetch-site"] === "same-origin" && url.host !== new URL(address).host;
      answer = await this.#ask(url, "GET", { ...others, ...isOther && { "sec-fetch-site": "same-site" } });
    }
    return { url: url.href, status: answer.status, text: await answer.text(), headers: answer.headers };
  }

  /** Sends a form as a page of the base host does. */
  submit(address: string, form: Readonly<Record<string, string>>): Promise<Visited> {
    return this.open(address, { form, headers: { origin: new URL(address).origin, "sec-fetch-site": "same-origin" } });
  }

  async #ask(url: URL, method: string, more: Visit["headers"], form?: Visit["form"]): Promise<Response> {
    const headers = new Headers({
      ...{ accept: "text/html", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document", "sec-fetch-site": "none" },
      ...{ "x-forwarded-proto": url.protocol.slice(0, -1), host: url.host },
      ...more,
    });
    const cookie = this.cookie(url.hostname);
    if (cookie !== "") headers.set("cookie", cookie);
    const body = form && new URLSearchParams(form);
    const answer = await this.#gateway.handler(new Request(url, { method, headers, ...body && { body } }));
    this.#keep(url.hostname, answer.headers.getSetCookie());
    return answer;
  }

  #keep(host: string, setCookies: readonly string[]): void {
    const cookies = this.jar.get(host) ?? new Map<string, string>();
    this.jar.set(host, cookies);
    for (const cookie of setCookies) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      if (/Max-Age=0$/.test(cookie)) cookies.delete(name);
      else cookies.set(name, value);
    }
  }
}
