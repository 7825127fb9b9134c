import type { Invalid, View } from "@view-gateway/types";

/** A running Job's deadline, at which Kubernetes ends it, even if no gateway lives. */
export interface Lease {
  /** The Job's `status.startTime`, in milliseconds since the epoch. */
  readonly startedAt: number;
  readonly activeDeadlineSeconds: number;
}

/** The defaults and bounds of all views' durations. */
export interface LeaseBounds {
  readonly idleSeconds: number;
  readonly minIdleSeconds: number;
  readonly maxIdleSeconds: number;
  readonly maxLifetimeSeconds: number;
}

/** One view's durations, in seconds. */
export interface Terms {
  /** Without traffic: a new Job's `activeDeadlineSeconds`. Not longer than `lifetime`. */
  readonly idle: number;
  /** With traffic. */
  readonly lifetime: number;
}

/** The durations of a view whose spec is within the bounds. */
export function termsOf(spec: View, bounds: LeaseBounds): Terms {
  const lifetime = spec.maxLifetimeSeconds ?? bounds.maxLifetimeSeconds;
  return { idle: Math.min(spec.idleSeconds ?? bounds.idleSeconds, lifetime), lifetime };
}

/** The durations in a spec that are out of bounds. */
export function leaseProblems(
  { idleSeconds, maxLifetimeSeconds }: Pick<View, "idleSeconds" | "maxLifetimeSeconds">,
  { minIdleSeconds: least, maxIdleSeconds: longestIdle, maxLifetimeSeconds: longest }: LeaseBounds,
): readonly Invalid[] {
  const fits = (seconds: number | undefined, most: number) =>
    seconds === undefined || seconds >= least && seconds <= most;
  return [
    ...fits(idleSeconds, longestIdle) ? [] : [{
      pointer: "/idleSeconds",
      detail: `must be from ${least} to ${longestIdle} seconds`,
    }],
    ...fits(maxLifetimeSeconds, longest) ? [] : [{
      pointer: "/maxLifetimeSeconds",
      detail: `must be from ${least} to ${longest} seconds: a view needs time to start`,
    }],
  ];
}

/** When Kubernetes ends the view, unless its lease is renewed, in milliseconds since the epoch. */
export function leaseEndsAt({ startedAt, activeDeadlineSeconds }: Lease): number {
  return startedAt + activeDeadlineSeconds * 1000;
}

/**
 * When the view stops getting new requests, in milliseconds since the epoch. It is early enough before the view's end that a
 * late request can still extend the lease, even if this gateway's clock is some seconds behind Kubernetes'.
 */
export function drainsAt(lease: Lease, { idle }: Terms): number {
  return leaseEndsAt(lease) - Math.min(MARGIN, idle * 250);
}

/**
 * The new `activeDeadlineSeconds` of a view with traffic; undefined while its lease is long enough, or at the end of its
 * lifetime. A lease is renewed when less than half of the idle time is left, and before it could end between two load
 * reports.
 * @param now milliseconds since the epoch
 * @param look milliseconds between two load reports
 */
export function renewal(lease: Lease, terms: Terms, now: number, look: number): number | undefined {
  const left = drainsAt(lease, terms) - now;
  if (left >= Math.max(terms.idle * 500, 2 * look)) return undefined;
  const seconds = Math.min(Math.ceil((now - lease.startedAt) / 1000) + terms.idle, terms.lifetime);
  return seconds > lease.activeDeadlineSeconds ? seconds : undefined;
}

/** Milliseconds. */
const MARGIN = 10_000;
