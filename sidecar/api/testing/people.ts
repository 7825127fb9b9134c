import type { Authentication, Authenticator } from "../../access/authenticator.ts";
import { ANONYMOUS } from "../../access/identity.ts";
import type { Rights, Verb } from "../../access/rights.ts";
import { viewRight } from "../../access/view_rights.ts";

/** Who sends a request of a test, as `USER` or `USER in GROUP`; `refused` and `unknown` are bad tokens. */
export const PERSON_HEADER = "x-test-person";

/** Believes that header. */
export const believing: Authenticator = {
  authenticate: (headers) => Promise.resolve(whoIs(headers.get(PERSON_HEADER))),
};

function whoIs(header: string | null): Authentication {
  const person = header && decodeURIComponent(header);
  switch (person) {
    case null:
      return { kind: "nobody" };
    case "refused":
      return { kind: "refused", detail: "The token has expired." };
    case "unknown":
      return { kind: "unknown", detail: "The API server is away." };
    case ANONYMOUS.user:
      return { kind: "known", identity: ANONYMOUS, by: "token" };
  }
  const [user = "", ...groups] = person.split(" in ");
  return { kind: "known", identity: { user, groups }, by: "token" };
}

/** What RBAC gives each user: verbs for all views, or `VERB NAME` for one. */
export type Rbac = Readonly<Record<string, readonly (Verb | `${Verb} ${string}`)[]>>;

/** The rights that views give, and beside them those of RBAC. */
export function rightsWith(rbac: Rbac): Rights & { readonly asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    may: (identity, verb, view) => {
      const { user } = identity;
      const why = view && viewRight(identity, verb, view);
      if (why !== undefined) return Promise.resolve({ kind: "allowed", why });
      if (user === "oidc:unreviewed") return Promise.resolve({ kind: "unknown", detail: "The API server is away." });
      asked.push(`${verb} ${view?.name}`);
      const verbs = rbac[user] ?? [];
      if (verbs.includes(verb) || view && verbs.includes(`${verb} ${view.name}`)) {
        return Promise.resolve({ kind: "allowed", why: "rbac" });
      }
      return Promise.resolve({ kind: "forbidden", detail: `${user} may not ${verb} ${view?.name ?? "views"}.` });
    },
  };
}
