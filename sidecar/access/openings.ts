import type { ViewState } from "../view/state.ts";
import type { Audit } from "./audit_entry.ts";
import { FOREIGN_TOKEN } from "./authenticator.ts";
import type { Bearer, BearerTokens } from "./bearer_tokens.ts";
import { isCrossSite } from "./cross_site.ts";
import { hasViewCookie, withoutGatewayCookies } from "./gateway_cookies.ts";
import { GATEWAY, type Identity } from "./identity.ts";
import type { AccessDenial, Opening, OpeningHead, ViewOpening } from "./opening.ts";
import { hasTokenForGateway } from "./token_claims.ts";
import type { Rights, Ruling } from "./rights.ts";
import {
  type Session,
  SESSION_RENEWAL,
  SessionKeysError,
  type Sessions,
  VIEW_COOKIE_SECONDS,
  type ViewSession,
} from "./sessions.ts";

export interface OpeningsOptions {
  readonly rights: Rights;
  readonly tokens: Pick<BearerTokens, "read">;
  readonly sessions: Pick<Sessions, "view" | "viewCookie">;
  /** Whom Envoy has verified by a fresh cookie of the view; undefined where it has not. */
  readonly verified: (headers: Pick<Headers, "get">, view: string) => Identity | undefined;
  readonly audit: Audit;
  /** Notes the first open of a session. */
  readonly onOpened: (entry: Omit<Parameters<Audit>[0], "action"> & { readonly view: string }, session: string) => void;
  /** Seconds after which a session that begins with a token ends. */
  readonly sessionSeconds: number;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/**
 * Seconds after a cookie's end for which its person stays in while Kubernetes cannot say what they may. Nobody gets a new
 * cookie then.
 */
export const STAYS_IN = 3_600;

/** The session of a request, by its cookie or token. */
interface Known {
  readonly session: Session;
  /** Tells the session from others of the same person. */
  readonly since: string;
  /** When the cookie stopped being fresh; undefined for a token. */
  readonly freshUntil?: number;
  /** Whether the base host has to confirm the session before its cookie is renewed. */
  readonly isDue: boolean;
}

/** What is known of a request before anybody asks for rights. */
type Proof = Known | { readonly fresh: Identity } | { readonly missing: AccessDenial };

/**
 * Decides who may open a view. A token counts before an expired cookie: Kubernetes says whether the token is still good.
 */
export class Openings implements ViewOpening {
  readonly #options: OpeningsOptions;

  constructor(options: OpeningsOptions) {
    this.#options = options;
  }

  async mayOpen(head: OpeningHead, signal: AbortSignal): Promise<Opening> {
    const { name, view, headers } = head;
    const opened = (identity: Identity | undefined, setCookie?: string) => ({
      kind: "open" as const,
      identity,
      ...setCookie !== undefined && { setCookie },
      cookie: withoutGatewayCookies(headers.get("cookie")),
      withoutAuthorization: hasTokenForGateway(headers.get("authorization")),
    });
    const proof = await this.#proof(head, signal);
    if ("fresh" in proof) {
      if (view === undefined || !this.#isNew(view)) return { ...opened(proof.fresh), byCookie: true };
      const denial = await this.#denialOfNewView(proof.fresh, view, signal);
      return denial === undefined ? opened(proof.fresh) : { kind: "denied", denial };
    }
    if ("missing" in proof) return view?.public ? opened(undefined) : { kind: "denied", denial: proof.missing };
    const { session } = proof;
    const { identity, by } = session;
    if (view === undefined) return opened(identity);
    const ruling = await this.#options.rights.may(identity, "open", view, signal);
    const { user } = identity;
    if (proof.isDue && ruling.kind !== "unknown") {
      return view.public ? opened(identity) : { kind: "denied", denial: { kind: "sign-in", view: name } };
    }
    switch (ruling.kind) {
      case "allowed":
        this.#options.onOpened({ user, view: name, by, reason: ruling.why }, proof.since);
        return opened(identity, await this.#cookie(session, name));
      case "forbidden":
        return { kind: "denied", denial: this.#forbidden(view, user, by) };
      case "unknown":
        return this.#staysIn(proof, view) ? opened(identity) : { kind: "denied", denial: unknown(name, ruling) };
    }
  }

  /**
   * Why a user with a fresh cookie may not open the view after all. A cookie has a view's name only. Since the gateway asked
   * for the right, the view may have been deleted, and another user may have created one of this name.
   */
  async #denialOfNewView(
    identity: Identity,
    view: ViewState,
    signal: AbortSignal,
  ): Promise<AccessDenial | undefined> {
    // It has no cookie that could be of a former view.
    if (identity.user === GATEWAY.user) return undefined;
    const ruling = await this.#options.rights.may(identity, "open", view, signal);
    switch (ruling.kind) {
      case "allowed":
        return undefined;
      case "forbidden":
        return this.#forbidden(view, identity.user, "session");
      case "unknown":
        return unknown(view.name, ruling);
    }
  }

  /** Whether a fresh cookie may be of a former view of its name. */
  #isNew(view: ViewState): boolean {
    return createdAt(view) > this.#seconds() - VIEW_COOKIE_SECONDS;
  }

  async #proof(head: OpeningHead, signal: AbortSignal): Promise<Proof> {
    const { name, headers } = head;
    const crossSite = isCrossSite(head);
    const verified = this.#options.verified(headers, name);
    if (verified !== undefined && !crossSite) return { fresh: verified };
    const bearer = await this.#options.tokens.read(headers.get("authorization"), signal);
    if (bearer.kind === "known") {
      return { session: this.#sessionOf(bearer), since: `token ${bearer.until}`, isDue: false };
    }
    if (bearer.kind === "unknown") return { missing: unknown(name, bearer) };
    if (bearer.kind === "refused") return { missing: { kind: "sign-in", view: name, detail: bearer.detail } };
    if (crossSite) {
      const isSomebody = verified !== undefined || hasViewCookie(headers.get("cookie"));
      return { missing: { kind: isSomebody ? "cross-site" : "sign-in", view: name } };
    }
    const held = await this.#held(head);
    return held ??
      { missing: { kind: "sign-in", view: name, ...bearer.kind === "foreign" && { detail: FOREIGN_TOKEN } } };
  }

  /** The session of the view's cookie; undefined where there is none. */
  async #held({ name, headers, navigation }: OpeningHead): Promise<Proof | undefined> {
    let held: ViewSession | undefined;
    try {
      held = await this.#options.sessions.view(headers.get("cookie"), name);
    } catch (error) {
      if (!(error instanceof SessionKeysError)) throw error;
      return { missing: unknown(name, { detail: error.message }) };
    }
    if (held === undefined) return undefined;
    const { session, fresh, freshUntil } = held;
    if (fresh) return { fresh: session.identity };
    const isDue = navigation && session.checkedAt + SESSION_RENEWAL <= this.#seconds();
    return { session, since: String(session.authTime), freshUntil, isDue };
  }

  #sessionOf({ identity, until = Infinity }: Bearer & { readonly kind: "known" }): Session {
    const now = this.#seconds();
    const hardLimit = Math.min(until, now + this.#options.sessionSeconds);
    return { identity, authTime: now, checkedAt: now, until: hardLimit, by: "token" };
  }

  /** The rights that were known then were those to this view. */
  #staysIn({ freshUntil }: Known, view: ViewState): boolean {
    return freshUntil !== undefined && this.#seconds() - freshUntil <= STAYS_IN &&
      createdAt(view) <= freshUntil - VIEW_COOKIE_SECONDS;
  }

  async #cookie(session: Session, view: string): Promise<string | undefined> {
    try {
      return await this.#options.sessions.viewCookie(session, view);
    } catch (error) {
      if (error instanceof SessionKeysError) return undefined;
      throw error;
    }
  }

  /** The denial of a user who has no right, with its line in the audit log. @param by the user's proof */
  #forbidden({ name, owner }: ViewState, user: string, by: string): AccessDenial {
    this.#options.audit({ action: "denied", user, view: name, verb: "open", by, reason: "forbidden" });
    return { kind: "forbidden", view: name, user, ...owner !== undefined && { owner } };
  }

  #seconds(): number {
    return Math.floor(this.#options.now() / 1000);
  }
}

/** Seconds since the epoch. */
function createdAt(view: ViewState): number {
  return Date.parse(view.createdAt) / 1000;
}

function unknown(view: string, { detail }: Pick<Ruling & { readonly kind: "unknown" }, "detail">): AccessDenial {
  return { kind: "access-unknown", view, message: detail };
}
