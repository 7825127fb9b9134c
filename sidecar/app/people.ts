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
  /** The user of this token, by TokenReview. */
  readonly confirm: (token: string, signal: AbortSignal) => Promise<Authentication>;
}

/** Builds sessions and access, which need each other: access reviews a session's token again, and asks sessions for users. */
export function peopleOf(context: AppContext, kubernetes: Kubernetes<ViewState>): People {
  const confirm: People["confirm"] = (token, signal) =>
    access.authenticator.authenticate(new Headers({ authorization: `Bearer ${token}` }), signal);
  const session = sessionPart(context, { kubernetes, confirm });
  const access = accessOf(context, { kubernetes, sessions: session.sessions });
  return { session, access, confirm };
}
