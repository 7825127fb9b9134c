/** This folder keeps sessions in cookies, and the keys that seal and sign them in one Secret that all gateways share. */
import type { Authentication } from "../access/authenticator.ts";
import {
  type Session,
  SESSION_RENEWAL,
  SessionKeysError,
  type Sessions,
  type ViewSession,
} from "../access/sessions.ts";
import { VIEW_COOKIE } from "../envoy/names.ts";
import { BASE_COOKIE, cookiesNamed, fitsCookie, hostCookie, removedCookie } from "./cookie_header.ts";
import { seal, unseal } from "./sealing.ts";
import { identityForHeaders } from "../access/identity_for_headers.ts";
import { groupsThatFit } from "./session_identity.ts";
import type { KeyKeeper } from "./key_keeper.ts";
import { notBefore, type SignedOut } from "./signed_out.ts";
import { type Freshness, mintedViewToken, readViewToken } from "./view_token.ts";

export interface CookieSessionsOptions {
  readonly keys: KeyKeeper;
  /** SESSION_SECONDS. */
  readonly sessionSeconds: number;
  /** The groups that this view is shared with; those of all views where it is undefined. */
  readonly namedGroups: (view: string | undefined) => ReadonlySet<string>;
  /** Asks TokenReview about a token. */
  readonly confirm: (token: string, signal: AbortSignal) => Promise<Authentication>;
  /** Called where a cookie does not hold all groups of a person. */
  readonly onGroupsLeftOut: (user: string, kept: number, all: number) => void;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Aborts when the sidecar ends. */
  readonly signal: AbortSignal;
}

/** What the base host's cookie holds. */
export interface BaseSession {
  readonly session: Session;
  /** What the person signed in with, where it was a token: TokenReview is asked about it again. */
  readonly token?: string | undefined;
}

export class CookieSessions implements Sessions {
  readonly #options: CookieSessionsOptions;

  constructor(options: CookieSessionsOptions) {
    this.#options = options;
  }

  /** Seconds since the epoch. */
  get now(): number {
    return Math.floor(this.#options.now() / 1000);
  }

  async base(cookie: string | null): Promise<Session | undefined> {
    const found = await this.openBase(cookie);
    if (found === undefined || found.session.by !== "token" || !this.isDue(found.session)) return found?.session;
    const confirmed = await this.confirmed(found);
    if (confirmed === "unknown") {
      throw new SessionKeysError("The API server cannot confirm the token of this session now.");
    }
    return confirmed;
  }

  /** The base host's session as its cookie has it, also where it has to be confirmed again. */
  async openBase(cookie: string | null): Promise<BaseSession | undefined> {
    const { keys, signedOut } = this.#options.keys.current();
    for (const value of cookiesNamed(cookie, BASE_COOKIE)) {
      const found = await unseal("session", value, keys, this.now) as BaseSession | undefined;
      if (found !== undefined && this.#holds(found.session, signedOut)) return found;
    }
  }

  /** Whether a navigation has to have the session confirmed again. */
  isDue({ checkedAt }: Session): boolean {
    return checkedAt + SESSION_RENEWAL <= this.now;
  }

  /** The session after TokenReview was asked about its token again; undefined where the token is not good any more. */
  async confirmed({ session, token }: BaseSession): Promise<Session | undefined | "unknown"> {
    if (token === undefined) return undefined;
    const answer = await this.#options.confirm(token, this.#options.signal);
    if (answer.kind === "unknown") return "unknown";
    if (answer.kind !== "known" || answer.identity.user !== session.identity.user) return undefined;
    return { ...session, identity: answer.identity, checkedAt: this.now };
  }

  async view(cookie: string | null, view: string): Promise<ViewSession | undefined> {
    const { keys, signedOut } = this.#options.keys.current();
    let found: ViewSession | undefined;
    for (const value of cookiesNamed(cookie, VIEW_COOKIE)) {
      const read = await readViewToken(value, view, keys, this.now);
      if (read === undefined || !this.#holds(read.session, signedOut)) continue;
      if (read.fresh) return read;
      found ??= read;
    }
    return found;
  }

  viewCookie(session: Session, view: string): Promise<string> {
    return this.viewCookieOf(session, view, "fresh");
  }

  /** A Set-Cookie value for a view's host. With a stale one the gate asks for the rights before anything passes. */
  async viewCookieOf(session: Session, view: string, freshness: Freshness): Promise<string> {
    const { keys } = this.#options.keys.current();
    const { now } = this;
    const valueFor = (session: Session) => mintedViewToken(session, view, freshness, keys, now);
    const fitting = await this.#fitting(session, view, async (some) => fitsCookie(VIEW_COOKIE, await valueFor(some)));
    if (fitting === undefined) return removedCookie(VIEW_COOKIE);
    return hostCookie(VIEW_COOKIE, await valueFor(fitting), session.until - now);
  }

  /** @param token what the person signed in with; it is kept in the cookie, so that TokenReview can be asked again */
  async baseCookie(session: Session, token?: string): Promise<string> {
    const { keys } = this.#options.keys.current();
    const { now } = this;
    const valueFor = (found: BaseSession) => seal("session", found, found.session.until, keys, now);
    const fit = async (found: BaseSession) => fitsCookie(BASE_COOKIE, await valueFor(found));
    const bare: Session = { ...session, identity: { ...session.identity, groups: [] } };
    // A token that is too long for a cookie cannot be reviewed again: then the session ends when that would be due.
    const kept = token !== undefined && await fit({ session: bare, token }) ? token : undefined;
    const end = kept === token ? session.until : Math.min(session.until, session.checkedAt + SESSION_RENEWAL);
    const fitting = await this.#fitting(
      { ...session, until: end },
      undefined,
      (some) => fit({ session: some, token: kept }),
    );
    if (fitting === undefined) return removedCookie(BASE_COOKIE);
    return hostCookie(BASE_COOKIE, await valueFor({ session: fitting, token: kept }), end - now);
  }

  /** Decrypts what a gateway has sealed for this purpose; undefined if it is forged or expired. */
  unseal(purpose: "sign-in" | "ticket", text: string): Promise<unknown> {
    return unseal(purpose, text, this.#options.keys.current().keys, this.now);
  }

  /** Seals a value for some seconds. */
  seal(purpose: "sign-in" | "ticket", value: object, seconds: number): Promise<string> {
    const { now } = this;
    return seal(purpose, value, now + seconds, this.#options.keys.current().keys, now);
  }

  /** A session that begins now. It begins after the user's last sign-out, also if that came from a gateway whose clock is ahead. */
  begun(session: Omit<Session, "authTime" | "checkedAt" | "until">, until: number = Infinity): Session {
    const { now } = this;
    const authTime = Math.max(now, notBefore(this.#options.keys.current().signedOut, session.identity.user));
    return { ...session, authTime, checkedAt: now, until: Math.min(now + this.#options.sessionSeconds, until) };
  }

  /** Whether the session goes on. */
  holds(session: Session): boolean {
    return this.#holds(session, this.#options.keys.current().signedOut);
  }

  jwks(): string | undefined {
    return this.#options.keys.jwks();
  }

  onKeys(listener: () => void): () => void {
    return this.#options.keys.onKeys(listener);
  }

  /** SESSION_SECONDS may have become less since the session began. */
  #holds({ identity, authTime, until }: Session, signedOut: SignedOut): boolean {
    const { now } = this;
    return now < until && now < authTime + this.#options.sessionSeconds &&
      authTime >= notBefore(signedOut, identity.user);
  }

  /** The session with the groups that its cookie has room for; undefined where no header can hold the user's name. */
  async #fitting(
    session: Session,
    view: string | undefined,
    fit: (session: Session) => Promise<boolean>,
  ): Promise<Session | undefined> {
    const identity = identityForHeaders(session.identity);
    if (identity === undefined) return undefined;
    const withGroups = (groups: readonly string[]): Session => ({ ...session, identity: { ...identity, groups } });
    const groups = await groupsThatFit(
      identity.groups,
      () => this.#options.namedGroups(view),
      (groups) => fit(withGroups(groups)),
    );
    if (groups.length < identity.groups.length) {
      this.#options.onGroupsLeftOut(identity.user, groups.length, identity.groups.length);
    }
    return withGroups(groups);
  }
}
