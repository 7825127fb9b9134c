import { type Authenticator, EVERYBODY } from "../access/authenticator.ts";
import { BaseAuthenticator } from "../access/base_authenticator.ts";
import { BearerTokens } from "../access/bearer_tokens.ts";
import { ALL_RIGHTS, KubernetesRights } from "../access/kubernetes_rights.ts";
import type { ViewOpening } from "../access/opening.ts";
import { Openings } from "../access/openings.ts";
import { ReviewCache } from "../access/review_cache.ts";
import type { Rights } from "../access/rights.ts";
import type { Sessions } from "../access/sessions.ts";
import { TokenBucket } from "../async/token_bucket.ts";
import { verifiedIdentity } from "../gate/verified_identity.ts";
import type { Kubernetes } from "../kubernetes/kubernetes.ts";
import type { AccessReviewed, TokenReviewed } from "../kubernetes/review/reviews.ts";
import { logger } from "../logging.ts";
import { audit, OpenedAudit } from "../telemetry/audit.ts";
import type { ViewState } from "../view/state.ts";
import type { AppContext } from "./context.ts";

/** Finds the user of a request, and decides what they may do. */
export interface Access {
  readonly authenticator: Authenticator;
  readonly rights: Rights;
  /** Undefined where everybody may open every view. */
  readonly openings: ViewOpening | undefined;
}

export interface AccessNeeds {
  readonly kubernetes: Kubernetes<ViewState>;
  readonly sessions: Sessions;
}

/** Lines of the log about questions that Kubernetes does not answer: a few say as much as thousands. */
const LINES = { burst: 5, perSecond: 0.1 };

/** Builds what finds users and decides on their rights. */
export function accessOf(context: AppContext, { kubernetes, sessions }: AccessNeeds): Access {
  const { config, metrics, time } = context;
  if (config.authentication === "none") {
    return { authenticator: EVERYBODY, rights: ALL_RIGHTS, openings: undefined };
  }
  const { reviews } = kubernetes;
  const lines = new TokenBucket({ ...LINES, clock: time.clock });
  const complain = (message: string) => {
    if (lines.take()) {
      logger("access").warn("Kubernetes does not answer who a user is or what they may do: {message}", { message });
    }
  };
  const common = { clock: time.clock, signal: context.signal };
  const rights = new KubernetesRights({
    review: (access, signal) => reviews.access(access, signal),
    cache: new ReviewCache<AccessReviewed>({
      ...common,
      isGood: ({ kind }) => kind === "allowed",
      onOutcome: (outcome, answer) => {
        metrics.accessReview(outcome);
        if (answer.kind === "unknown") complain(answer.message);
      },
    }),
  });
  const tokens = new BearerTokens({
    review: (token, audience, signal) => reviews.token(token, audience, signal),
    cache: new ReviewCache<TokenReviewed>({
      ...common,
      isGood: ({ kind }) => kind === "authenticated",
      onOutcome: (outcome, answer) => {
        metrics.tokenReview(outcome);
        if (answer.kind === "unknown") complain(answer.message);
      },
    }),
    now: time.now,
  });
  const opened = new OpenedAudit();
  const openings = new Openings({
    ...{ rights, tokens, sessions, audit },
    verified: verifiedIdentity,
    onOpened: (entry, session) => opened.opened(entry, session),
    sessionSeconds: config.sessionSeconds,
    now: time.now,
  });
  return { authenticator: new BaseAuthenticator({ tokens, sessions }), rights, openings };
}
