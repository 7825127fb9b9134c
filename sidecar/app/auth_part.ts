import type { AuthOptions } from "../auth/auth_options.ts";
import { Attempts } from "../auth/attempts.ts";
import { HandOver } from "../auth/hand_over.ts";
import { Deadline } from "../async/deadline.ts";
import type { Kubernetes } from "../kubernetes/kubernetes.ts";
import type { IdentityProvider } from "../oidc/identity_provider.ts";
import { audit } from "../telemetry/audit.ts";
import type { ViewState } from "../view/state.ts";
import type { AppContext } from "./context.ts";
import type { People } from "./people.ts";

/** Milliseconds that a sign-in waits until the views are known. */
const VIEWS_LIMIT = 10_000;

export interface AuthNeeds {
  readonly people: People;
  readonly provider: IdentityProvider | undefined;
  readonly views: Kubernetes<ViewState>["views"];
}

/** Builds what serves the sign-in; undefined where nobody signs in. */
export function authOf(
  { config, contact }: AppContext,
  { people, provider, views }: AuthNeeds,
): AuthOptions | undefined {
  const { authentication, baseHost } = config;
  if (authentication === "none") return undefined;
  const { confirm, session: { sessions, keys } } = people;
  return {
    ...{ sessions, confirm, provider, baseHost, audit, contact },
    handOver: new HandOver({ sessions, baseHost }),
    attempts: new Attempts(sessions),
    signOut: (user, began) => keys.signOut(user, began),
    isView: async (name, signal) => {
      using limit = new Deadline(signal, VIEWS_LIMIT);
      await views.untilSynced(limit.signal).catch(() => {});
      return views.synced ? views.get(name) !== undefined : undefined;
    },
  };
}
