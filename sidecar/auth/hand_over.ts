import { createHash, randomBytes } from "node:crypto";
import type { Session } from "../access/sessions.ts";
import { NONCE_COOKIE } from "../envoy/names.ts";
import { problem, problemResponse } from "../http/problem.ts";
import { cookiesNamed, hostCookie } from "../session/cookie_header.ts";
import type { CookieSessions } from "../session/cookie_sessions.ts";
import type { ViewGoal } from "./goal.ts";
import { pathWithGoal } from "./goal.ts";
import { type Hosts, hostsOf } from "./hosts.ts";
import { returnPath } from "./return_path.ts";
import { insecure, seeOther } from "./see_other.ts";

/** Seconds for which a ticket is good: the time of a redirect. */
const TICKET_SECONDS = 60;

/** Seconds for which a browser remembers that it wants to open a view: the time of a sign-in. */
const NONCE_SECONDS = 3_600;

/** What the base host sends to a view's host through the browser. */
interface Ticket {
  readonly view: string;
  readonly nonce: string;
  readonly session: Session;
}

export interface HandOverOptions {
  readonly sessions: CookieSessions;
  readonly baseHost: string;
}

/**
 * Hands a session over from the base host to a view's host. The view's host gives the browser a nonce; the base host puts
 * its SHA-256 into a ticket for this view; the view's host takes the ticket from that browser alone. So a ticket that
 * somebody has stolen, or made for somebody else, opens nothing.
 */
export class HandOver {
  readonly #options: HandOverOptions;

  constructor(options: HandOverOptions) {
    this.#options = options;
  }

  /** The answer to a navigation without a session, at a view's host or the base host. */
  signIn(request: Request): Response {
    const hosts = hostsOf(request.headers, this.#options.baseHost);
    if (hosts === undefined) return notHere(request);
    if (!hosts.isSecure) return insecure();
    const { pathname, search } = new URL(request.url);
    const path = returnPath(pathname + search) ?? "/";
    const { view, baseOrigin } = hosts;
    if (view === undefined) return seeOther(baseOrigin + pathWithGoal("/_auth/open", { path }));
    // A second tab shares the nonce: what the first one has begun stays good.
    const nonce = noncesOf(request).at(0) ?? randomBytes(32).toString("base64url");
    return seeOther(
      baseOrigin + pathWithGoal("/_auth/open", { view, nonce: hashOf(nonce), path }),
      hostCookie(NONCE_COOKIE, nonce, NONCE_SECONDS),
    );
  }

  /** Sends the browser to the view's host, with a ticket. */
  async give({ view, nonce, path }: ViewGoal, session: Session, { viewOrigin }: Hosts): Promise<string> {
    const content: Ticket = { view, nonce, session };
    const ticket = await this.#options.sessions.seal("ticket", content, TICKET_SECONDS);
    return `${viewOrigin(view)}/_gate/session?${new URLSearchParams({ ticket, path })}`;
  }

  /** The answer to a browser that brings a ticket to a view's host. */
  async take(request: Request): Promise<Response> {
    const { sessions, baseHost } = this.#options;
    const hosts = hostsOf(request.headers, baseHost);
    if (hosts?.view === undefined) return notHere(request);
    const { searchParams } = new URL(request.url);
    const path = returnPath(searchParams.get("path") ?? "/");
    if (path === undefined) {
      return problemResponse(problem(400, "invalid-query", "There is no such path to return to."));
    }
    const ticket = await sessions.unseal("ticket", searchParams.get("ticket") ?? "") as Ticket | undefined;
    const { view } = hosts;
    const isMeant = ticket?.view === view && noncesOf(request).some((nonce) => hashOf(nonce) === ticket.nonce);
    if (!isMeant || !sessions.holds(ticket.session)) {
      const detail = `This browser did not begin this sign-in, or it took too long. Open ${
        hosts.viewOrigin(view)
      }/ again.`;
      return problemResponse(problem(403, "sign-in-not-begun", detail, { view }));
    }
    // The gate asks for the rights, and then makes a cookie that Envoy takes.
    return seeOther(hosts.viewOrigin(view) + path, await sessions.viewCookieOf(ticket.session, view, "stale"));
  }
}

function noncesOf(request: Request): readonly string[] {
  return cookiesNamed(request.headers.get("cookie"), NONCE_COOKIE).filter((nonce) => /^[\w-]{43}$/.test(nonce));
}

function hashOf(nonce: string): string {
  return createHash("sha256").update(nonce).digest("base64url");
}

function notHere(request: Request): Response {
  return problemResponse(problem(404, "not-found", `There is nothing at ${new URL(request.url).pathname}.`));
}
