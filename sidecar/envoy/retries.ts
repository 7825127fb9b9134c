import { envoy } from "../gen/envoy.js";
import { extension } from "../proto/any.ts";
import { UNAVAILABLE_HEADER } from "./names.ts";
import type { EnvoySettings } from "./settings.ts";

const { PreviousPrioritiesConfig } = envoy.extensions.retry.priority.previous_priorities.v3;

/** Failures before anything was processed: a request of any method may be sent again. */
const UNPROCESSED = "connect-failure,refused-stream,reset-before-request";

const REPEATABLE = "connect-failure,refused-stream,reset";

/** Seconds. The pause before each retry is random, below a bound that doubles up to this. */
const MAX_BACK_OFF = 2;

type Settings = Pick<EnvoySettings, "holdSeconds" | "gateToken">;

/** Retries go on for as long as a request may be held, because a sidecar may crash while it holds one. */
function whileHeld(retryOn: string, { holdSeconds, gateToken }: Settings): envoy.config.route.v3.IRetryPolicy {
  return {
    retryOn: `${retryOn},retriable-headers`,
    retriableHeaders: [{ name: UNAVAILABLE_HEADER, stringMatch: { exact: gateToken } }],
    // A pause is half its bound on average.
    numRetries: { value: Math.ceil(holdSeconds / (MAX_BACK_OFF / 2)) + 10 },
    retryBackOff: { baseInterval: { nanos: 100_000_000 }, maxInterval: { seconds: MAX_BACK_OFF } },
  };
}

/**
 * Retries of a request for a view. The next try goes to another priority: from a pod that has vanished to the gate.
 */
export function viewRetries(repeatable: boolean, settings: Settings): envoy.config.route.v3.IRetryPolicy {
  return {
    ...whileHeld(repeatable ? REPEATABLE : UNPROCESSED, settings),
    retryPriority: extension("envoy.retry_priorities.previous_priorities", PreviousPrioritiesConfig, {
      updateFrequency: 1,
    }),
  };
}

/** Retries of a request for the lake while the sidecar does not answer. Only reads get past the sidecar. */
export function lakeRetries(settings: Settings): envoy.config.route.v3.IRetryPolicy {
  return whileHeld(REPEATABLE, settings);
}

/** Retries of a request for the sidecar's own pages and API. They bridge its restart of a second or two. */
export function sidecarRetries(): envoy.config.route.v3.IRetryPolicy {
  return {
    retryOn: UNPROCESSED,
    numRetries: { value: 8 },
    retryBackOff: { baseInterval: { nanos: 100_000_000 }, maxInterval: { seconds: 1 } },
  };
}
