import type { Authentication } from "../access/authenticator.ts";
import type { Sessions } from "../access/sessions.ts";
import type { Kubernetes } from "../kubernetes/kubernetes.ts";
import { OwnSecret } from "../kubernetes/own_secret.ts";
import { logger } from "../logging.ts";
import { CookieSessions } from "../session/cookie_sessions.ts";
import { KeyKeeper } from "../session/key_keeper.ts";
import { logTrouble } from "../telemetry/log_lines.ts";
import type { ViewState } from "../view/state.ts";
import type { AppContext } from "./context.ts";
import type { SidecarPart } from "./lifecycle.ts";

export interface SessionPart extends SidecarPart {
  readonly sessions: CookieSessions;
  readonly keys: KeyKeeper;
  /** What Envoy verifies cookies with; undefined where nobody signs in. */
  readonly verified: Pick<Sessions, "jwks" | "onKeys"> | undefined;
}

export interface SessionNeeds {
  readonly kubernetes: Kubernetes<ViewState>;
  /** The user of this token, by TokenReview. */
  readonly confirm: (token: string, signal: AbortSignal) => Promise<Authentication>;
}

/** Builds what keeps sessions in cookies. Where nobody signs in, there is no Secret of keys, and nothing runs. */
export function sessionPart(
  { config, time, signal }: AppContext,
  { kubernetes, confirm }: SessionNeeds,
): SessionPart {
  const { sessionKeysSecret: name, sessionSeconds } = config;
  const secret = new OwnSecret({
    transport: kubernetes.transport,
    prober: kubernetes.prober,
    namespace: config.podNamespace || config.namespace,
    name,
    onProblem: logTrouble,
    time,
  });
  const keys = new KeyKeeper({ secret, name, sessionSeconds, time, signal, onProblem: logTrouble });
  const log = logger("session");
  const sessions = new CookieSessions({
    keys,
    sessionSeconds,
    namedGroups: (view) => namedGroups(kubernetes.views, view),
    confirm,
    onGroupsLeftOut: (user, kept, all) =>
      log.info("A cookie of {user} has room for {kept} of {all} groups: those that views name come first", {
        ...{ user, kept, all },
      }),
    now: time.now,
    signal,
  });
  if (config.authentication === "none") return { name: "sessions", sessions, keys, verified: undefined };
  const run = async (signal: AbortSignal) => {
    await Promise.all([secret.run(signal), keys.run(signal)]);
  };
  return { name: "sessions", sessions, keys, verified: sessions, run };
}

/** The groups that this view is shared with, or those of all views. */
function namedGroups(views: Kubernetes<ViewState>["views"], view: string | undefined): ReadonlySet<string> {
  const states = view === undefined ? views.page("", views.size) : [views.get(view)];
  return new Set(states.flatMap((state) => state?.spec?.access?.groups ?? []));
}
