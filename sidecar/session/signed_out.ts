import { createHash } from "node:crypto";

/** Who has signed out, and when. All times are seconds since the epoch. */
export interface SignedOut {
  /** Sessions of whomever that began before this are over: sign-outs from before it are not kept one by one. */
  readonly everybody: number;
  /** By subject: their sessions that began before this are over. */
  readonly subjects: ReadonlyMap<string, number>;
}

export const NOBODY_SIGNED_OUT: SignedOut = { everybody: 0, subjects: new Map() };

/** Most subjects: a Secret holds 1 MiB, and one of them takes 40 bytes. */
const SIGNED_OUT_LIMIT = 10_000;

/** What stands for a user: of one length, and no name. */
export function subjectOf(user: string): string {
  return createHash("sha256").update(user).digest("base64url").slice(0, 22);
}

/** The user's sessions that began before this are over. */
export function notBefore({ everybody, subjects }: SignedOut, user: string): number {
  return Math.max(everybody, subjects.get(subjectOf(user)) ?? 0);
}

/** Both together, so that no sign-out is lost. */
export function mergeSignedOut(a: SignedOut, b: SignedOut): SignedOut {
  const subjects = new Map(a.subjects);
  for (const [subject, time] of b.subjects) subjects.set(subject, Math.max(time, subjects.get(subject) ?? 0));
  return { everybody: Math.max(a.everybody, b.everybody), subjects };
}

/**
 * Without the entries whose sessions are all over by now. If too many entries remain, the oldest go, and with them all
 * sessions that are as old, of every user. So no sign-out is undone, and some users have to sign in again.
 */
export function pruneSignedOut(
  { everybody, subjects }: SignedOut,
  now: number,
  sessionSeconds: number,
  limit = SIGNED_OUT_LIMIT,
): SignedOut {
  const live = [...subjects].filter(([, time]) => time > everybody && time + sessionSeconds > now);
  if (live.length <= limit) return { everybody, subjects: new Map(live) };
  const newestFirst = live.toSorted(([, a], [, b]) => b - a);
  const floor = newestFirst[limit]![1];
  return { everybody: floor, subjects: new Map(newestFirst.filter(([, time]) => time > floor)) };
}
