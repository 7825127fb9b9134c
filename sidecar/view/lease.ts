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
  /** Without traffic. */
  readonly idle: number;
  /** With traffic. */
  readonly lifetime: number;
}

/** A spec that was written when the bounds were others counts as far as they allow. */
export function termsOf(spec: View, bounds: LeaseBounds): Terms {
  const { idleSeconds, minIdleSeconds, maxIdleSeconds, maxLifetimeSeconds } = bounds;
  return {
    idle: Math.min(Math.max(spec.idleSeconds ?? idleSeconds, minIdleSeconds), maxIdleSeconds),
    lifetime: Math.min(spec.maxLifetimeSeconds ?? maxLifetimeSeconds, maxLifetimeSeconds),
  };
}

/** What a view asks for and cannot have. */
export function lifetimeProblems(
  { idleSeconds, maxLifetimeSeconds }: Pick<View, "idleSeconds" | "maxLifetimeSeconds">,
  { minIdleSeconds, maxIdleSeconds, maxLifetimeSeconds: longest }: LeaseBounds,
): readonly Invalid[] {
  const idleFits = idleSeconds === undefined || (idleSeconds >= minIdleSeconds && idleSeconds <= maxIdleSeconds);
  const lifetimeFits = maxLifetimeSeconds === undefined || maxLifetimeSeconds <= longest;
  return [
    ...idleFits ? [] : [{ pointer: "/idleSeconds", detail: `must be from ${minIdleSeconds} to ${maxIdleSeconds}` }],
    ...lifetimeFits ? [] : [{ pointer: "/maxLifetimeSeconds", detail: `must be ${longest} or less` }],
  ];
}

/** A new Job's `activeDeadlineSeconds`: a view that nobody uses any more ends by it. */
export function firstLease({ idle, lifetime }: Terms): number {
  return Math.min(idle, lifetime);
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
