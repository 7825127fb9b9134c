import type { Bearer } from "../bearer_tokens.ts";
import type { Identity } from "../identity.ts";
import type { Rights, Ruling } from "../rights.ts";
import { type Session, SessionKeysError, type Sessions, type ViewSession } from "../sessions.ts";

export const ALICE: Identity = { user: "oidc:alice", groups: ["oidc:sales"] };
export const ROBOT: Identity = { user: "system:serviceaccount:ci:robot", groups: ["system:serviceaccounts"] };

/** Seconds since the epoch. */
export const PRESENT = 1_800_000_000;

export function sessionOf(identity: Identity, change: Partial<Session> = {}): Session {
  return {
    identity,
    authTime: PRESENT - 1_000,
    checkedAt: PRESENT - 1_000,
    until: PRESENT + 40_000,
    by: "oidc",
    ...change,
  };
}

/** Sessions by the whole Cookie header. */
export function sessionsOf(
  byCookie: Readonly<Record<string, Partial<ViewSession> | Error>>,
): Pick<Sessions, "base" | "view" | "viewCookie"> {
  const view = (cookie: string | null): Promise<ViewSession | undefined> => {
    const found = byCookie[cookie ?? ""];
    if (found instanceof Error) return Promise.reject(found);
    const held = { session: sessionOf(ALICE), fresh: false, freshUntil: PRESENT - 10 };
    return Promise.resolve(found && { ...held, ...found });
  };
  return {
    view,
    base: async (cookie) => (await view(cookie))?.session,
    viewCookie: ({ identity }, view) => Promise.resolve(`__Host-view=${identity.user}@${view}`),
  };
}

export const NO_KEYS = new SessionKeysError("There are no keys.");

/** Tokens by their header. */
export function tokensOf(byHeader: Readonly<Record<string, Bearer>>) {
  return { read: (header: string | null) => Promise.resolve(byHeader[header ?? ""] ?? { kind: "none" } as const) };
}

/** Rights with this one answer, and whom was asked about. */
export function rightsOf(ruling: Ruling): Rights & { readonly asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    may: ({ user }, verb, view) => {
      asked.push(`${user} ${verb} ${view?.name}`);
      return Promise.resolve(ruling);
    },
  };
}
