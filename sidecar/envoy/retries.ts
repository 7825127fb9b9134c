import { envoy } from "../gen/envoy.js";
import { extension } from "../proto/any.ts";
import { UNAVAILABLE_HEADER } from "./names.ts";
import type { EnvoySettings } from "./settings.ts";

const { PreviousPrioritiesConfig } = envoy.extensions.retry.priority.previous_priorities.v3;

/** Nothing can have been processed: a request of any method may be sent again. */
const UNPROCESSED = "connect-failure,refused-stream,reset-before-request";

const REPEATABLE = "connect-failure,refused-stream,reset";

/** Seconds; the pause before each retry is random, between nothing and a bound that doubles up to this. */
const MAX_BACK_OFF = 2;

type Settings = Pick<EnvoySettings, "holdSeconds" | "gateToken">;

/** Retries go on for as long as a request may be held, as a sidecar may crash while it holds it. */
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
 * Retries of a request for a view. The next try goes to another priority, which takes a request from a pod that has
 * vanished to the gate.
 */
export function viewRetries(repeatable: boolean, settings: Settings): envoy.config.route.v3.IRetryPolicy {
  return {
    ...whileHeld(repeatable ? REPEATABLE : UNPROCESSED, settings),
    retryPriority: extension("envoy.retry_priorities.previous_priorities", PreviousPrioritiesConfig, {
      updateFrequency: 1,
    }),
  };
}

/** Retries of a request for the lake that the sidecar could not be asked about: nothing but reads goes on from there. */
export function lakeRetries(settings: Settings): envoy.config.route.v3.IRetryPolicy {
  return whileHeld(REPEATABLE, settings);
}

/** Retries of a request to the sidecar's own pages and API: they bridge its restart, which takes a second or two. */
export function sidecarRetries(): envoy.config.route.v3.IRetryPolicy {
  return {
    retryOn: UNPROCESSED,
    numRetries: { value: 8 },
    retryBackOff: { baseInterval: { nanos: 100_000_000 }, maxInterval: { seconds: 1 } },
  };
}
