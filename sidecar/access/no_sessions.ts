import { SessionKeysError, type Sessions } from "./sessions.ts";

/** Where nobody can sign in, no cookie tells who somebody is. */
export const NO_SESSIONS: Sessions = {
  base: () => Promise.resolve(undefined),
  view: () => Promise.resolve(undefined),
  viewCookie: () => Promise.reject(new SessionKeysError("Nobody can sign in.")),
  baseCookie: () => Promise.reject(new SessionKeysError("Nobody can sign in.")),
  jwks: () => undefined,
  onKeys: () => () => {},
};
