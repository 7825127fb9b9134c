/** What has an age among the session keys. */
export interface AgedKey {
  /** Names the key within cookies. */
  readonly id: string;
  /** Seconds since the epoch. */
  readonly madeAt: number;
}

/** Seconds between two new keys. */
export const ROTATION = 14 * 86_400;

/** Seconds from a key's publication to its first use: by then every replica and every Envoy knows it. */
export const LEAD = 3_600;

/** SESSION_SECONDS at most: how long a cookie may need its key. */
export const MAX_SESSION_SECONDS = 7 * 86_400;

/** Seconds that an old key stays longer than its last cookie: for clocks that disagree, and gateways that hear late. */
const SPARE = 86_400;

/** The key that new cookies are made with: the newest that everybody knows. `keys`: the newest first, at least one. */
export function signingKey<Key extends AgedKey>(keys: readonly Key[], now: number): Key {
  return keys.find(({ madeAt }) => madeAt + LEAD <= now) ?? keys.at(-1)!;
}

export type RingStep<Key> =
  /** Nothing is due before `until`, in seconds since the epoch. */
  | { readonly kind: "rest"; readonly until: number }
  /** A write is due: these keys stay, and where `adds` says so a new one comes before them. */
  | { readonly kind: "write"; readonly keep: readonly Key[]; readonly adds: boolean };

/** What the ages of the keys ask for. Any gateway may do it. `keys`: the newest first, at least one. */
export function ringStep<Key extends AgedKey>(keys: readonly Key[], now: number): RingStep<Key> {
  const renewal = keys[0]!.madeAt + ROTATION;
  const keep = keys.filter((_key, i) => now < endOf(keys, i));
  if (now >= renewal || keep.length < keys.length) return { kind: "write", keep, adds: now >= renewal };
  return { kind: "rest", until: Math.min(renewal, ...keys.map((_key, i) => endOf(keys, i))) };
}

/** When the last cookie of a key is past. The newest key has no end. */
function endOf(keys: readonly AgedKey[], i: number): number {
  const next = keys[i - 1];
  return next === undefined ? Infinity : next.madeAt + LEAD + MAX_SESSION_SECONDS + SPARE;
}
