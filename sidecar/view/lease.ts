import type { Invalid, View } from "@view-gateway/types";

/** What a running Job's `activeDeadlineSeconds` makes of it. Kubernetes ends it then, whoever else lives. */
export interface Lease {
  /** The Job's `status.startTime`, in milliseconds since the epoch. */
  readonly startedAt: number;
  readonly activeDeadlineSeconds: number;
}

/** How long views may go on, where their specs do not say, and at all. */
export interface LeaseBounds {
  readonly idleSeconds: number;
  readonly minIdleSeconds: number;
  readonly maxIdleSeconds: number;
  readonly maxLifetimeSeconds: number;
}

/** How long one view goes on. Both in seconds. */
export interface Terms {
  /** Without traffic: a new Job's `activeDeadlineSeconds`. Not longer than `lifetime`. */
  readonly idle: number;
  /** With traffic. */
  readonly lifetime: number;
}

/** How long a view goes on whose spec is within the bounds. */
export function termsOf(spec: View, bounds: LeaseBounds): Terms {
  const lifetime = spec.maxLifetimeSeconds ?? bounds.maxLifetimeSeconds;
  return { idle: Math.min(spec.idleSeconds ?? bounds.idleSeconds, lifetime), lifetime };
}

/** What a view asks for and cannot have. */
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
      detail: `must be from ${least} to ${longest} seconds: a view needs some to start in`,
    }],
  ];
}

/**
 * When the view gets no new requests any more, in milliseconds since the epoch: so long before its end that one which
 * comes late can still put the end off, though this gateway's clock be some seconds behind Kubernetes'.
 */
export function drainsAt({ startedAt, activeDeadlineSeconds }: Lease, { idle }: Terms): number {
  return startedAt + activeDeadlineSeconds * 1000 - Math.min(MARGIN, idle * 250);
}

/**
 * The `activeDeadlineSeconds` that a view with traffic gets now; undefined while its lease is long enough, or where it
 * has reached the end of its lifetime. It is renewed when less than half of its idle time is left, and before it could
 * end between two looks at its traffic.
 * @param now milliseconds since the epoch
 * @param look milliseconds between two looks
 */
export function renewal(lease: Lease, terms: Terms, now: number, look: number): number | undefined {
  const left = drainsAt(lease, terms) - now;
  if (left >= Math.max(terms.idle * 500, 2 * look)) return undefined;
  const seconds = Math.min(Math.ceil((now - lease.startedAt) / 1000) + terms.idle, terms.lifetime);
  return seconds > lease.activeDeadlineSeconds ? seconds : undefined;
}

/** Milliseconds. */
const MARGIN = 10_000;
