import { phaseAnswers } from "../api/phase_answers.ts";
import { ProgressApi } from "../api/stream/progress_api.ts";
import type { StartOutcome, ViewHistory } from "../api/api_options.ts";
import { ViewWatches, WATCH_LIMITS } from "../api/stream/view_watches.ts";
import { ViewsByPerson } from "../api/views_by_person.ts";
import { viewsApi } from "../api/views_api.ts";
import { Deadline } from "../async/deadline.ts";
import { Quota } from "../async/quota.ts";
import { answerTo } from "../denial/denial.ts";
import { denialAnswers } from "../denial/denial_answers.ts";
import { viewGuard } from "../denial/view_guard.ts";
import { launchDenial } from "../denial/launch_denial.ts";
import { hostsOf } from "../auth/hosts.ts";
import { authAnswers, signInOfBrowsers } from "../auth/auth_answers.ts";
import type { AuthOptions } from "../auth/auth_options.ts";
import { clientAnswers } from "../http/client_answers.ts";
import type { Handler } from "../http/http_server.ts";
import type { Kubernetes } from "../kubernetes/kubernetes.ts";
import type { Lake } from "../lake/lake.ts";
import type { Launcher } from "../launch/launcher.ts";
import type { Publisher } from "../routing/publisher.ts";
import { audit } from "../telemetry/audit.ts";
import type { Grants } from "../view/grants.ts";
import type { ViewState } from "../view/state.ts";
import type { Access } from "./access_part.ts";
import type { AppContext } from "./context.ts";
import type { SidecarPart } from "./lifecycle.ts";

export interface ApiPart extends SidecarPart {
  readonly answers: Handler;
}

export interface ApiNeeds {
  readonly kubernetes: Kubernetes<ViewState>;
  readonly access: Access;
  readonly grants: () => Grants;
  /** Undefined where nobody signs in. */
  readonly auth: AuthOptions | undefined;
  readonly launcher: Launcher;
  readonly lake: Lake | undefined;
  readonly publisher: Publisher;
  readonly history: ViewHistory;
  readonly watched: Quota;
  /** A browser opens a view's page. */
  readonly onWatched: (view: string) => void;
  /** Aborts when the gateway's pod is about to end. */
  readonly closing: AbortSignal;
}

/** Builds the REST API, the pages, and the answers to requests that the gate denies. */
export function apiPart({ config, required, envoy, contact, time, signal }: AppContext, needs: ApiNeeds): ApiPart {
  const { kubernetes, access, auth, grants, launcher, lake, publisher, history, watched, onWatched, closing } = needs;
  const { views, services, jobs } = kubernetes;
  const { authenticator, rights, openings } = access;
  const { baseHost } = config;
  const signIn = auth && signInOfBrowsers(auth);
  const personal = new ViewsByPerson();
  views.subscribe((name, after, before) => personal.changed(name, after, before));
  const streaming = new Deadline([signal, closing]);
  const api = viewsApi({
    authenticator,
    rights,
    audit,
    signIn,
    personal,
    watches: new ViewWatches(views, new Quota(WATCH_LIMITS)),
    history,
    publicViews: config.publicViews,
    grants,
    views,
    services,
    jobs,
    start: (view) => start(launcher, view),
    awaitStart: (view) => {
      const full = watched.acquire(view);
      if (full === undefined) onWatched(view);
      return full ?? { release: () => watched.release(view) };
    },
    closing: streaming.signal,
    templates: () => views.synced ? kubernetes.templates : undefined,
    lake,
    lakeListings: lake?.browser,
    limit: config.existingViews,
    bounds: config,
    now: time.now,
    baseHost,
    contact,
    bodyLimitBytes: config.bodyLimitBytes,
    required,
  });
  const progress = new ProgressApi({
    views,
    acks: publisher,
    baseHost,
    signal: streaming.signal,
    watched,
    onWatched,
    now: time.now,
  });
  api.route("/", progress.routes);
  const answers = viewGuard({ views, openings, baseHost }, phaseAnswers({ views, baseHost }, api.fetch));
  const denials = denialAnswers(
    {
      ...{ gateToken: envoy.gateToken, views, signIn, contact, now: time.now },
      baseOrigin: (headers) => hostsOf(headers, baseHost)?.baseOrigin,
    },
    auth === undefined ? answers : authAnswers(auth, answers),
  );
  return { name: "API", answers: clientAnswers(denials, contact), stop: () => streaming[Symbol.dispose]() };
}

async function start(launcher: Launcher, view: ViewState): Promise<StartOutcome> {
  const outcome = await launcher.launch(view);
  if (outcome.kind === "failed" || outcome.kind === "paused") return outcome;
  const denial = launchDenial(view.name, outcome);
  return denial === undefined ? { kind: "launched" } : { kind: "denied", ...answerTo(denial) };
}
