import type { Authentication } from "../access/authenticator.ts";
import type { Kubernetes } from "../kubernetes/kubernetes.ts";
import type { ViewState } from "../view/state.ts";
import { type Access, accessOf } from "./access_part.ts";
import type { AppContext } from "./context.ts";
import { type SessionPart, sessionPart } from "./session_part.ts";

/** Who people are, and what they may do. */
export interface People {
  readonly session: SessionPart;
  readonly access: Access;
  /** Who has this token, as TokenReview says. */
  readonly confirm: (token: string, signal: AbortSignal) => Promise<Authentication>;
}

/** Builds what knows people: sessions ask again for who has a token, and tokens and sessions both tell who asks. */
export function peopleOf(context: AppContext, kubernetes: Kubernetes<ViewState>): People {
  const confirm: People["confirm"] = (token, signal) =>
    access.authenticator.authenticate(new Headers({ authorization: `Bearer ${token}` }), signal);
  const session = sessionPart(context, { kubernetes, confirm });
  const access = accessOf(context, { kubernetes, sessions: session.sessions });
  return { session, access, confirm };
}
