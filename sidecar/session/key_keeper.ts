import { SessionKeysError } from "../access/sessions.ts";
import { Backoff } from "../async/backoff.ts";
import { Deadline } from "../async/deadline.ts";
import { firstOf } from "../async/first_of.ts";
import { orAborted } from "../async/or_aborted.ts";
import { LONGEST_PAUSE } from "../async/pause.ts";
import { SingleFlight } from "../async/single_flight.ts";
import type { Time } from "../async/time.ts";
import { KubernetesError } from "../kubernetes/kubernetes_error.ts";
import type { SecretVersion, SecretWrite, WatchedSecret } from "../kubernetes/own_secret.ts";
import { refusalOf } from "../kubernetes/refusal.ts";
import type { Refusal } from "../view/write_outcomes.ts";
import { ringStep } from "./key_ring.ts";
import { KEYS, type KeySecret, keySecretData, readKeySecret } from "./key_secret.ts";
import { newRootKey, type SessionKey, sessionKeyOf } from "./session_key.ts";
import { mergeSignedOut, NOBODY_SIGNED_OUT, pruneSignedOut, type SignedOut, subjectOf } from "./signed_out.ts";

/** What all gateways know. */
export interface SharedKeys {
  /** The newest first, at least one. */
  readonly keys: readonly SessionKey[];
  readonly signedOut: SignedOut;
}

export interface KeyKeeperOptions {
  readonly secret: WatchedSecret;
  /** The Secret's name, for messages. */
  readonly name: string;
  readonly sessionSeconds: number;
  readonly time: Time;
  /** Aborts when the sidecar ends. */
  readonly signal: AbortSignal;
  /** Reports each failure, after which the work goes on. `error` is undefined if the message is complete. */
  readonly onProblem: (message: string, error: unknown) => void;
}

/** `refused`, `unavailable`: the person is still in. */
export type SignOutOutcome = { readonly kind: "written" } | Refusal;

/** Milliseconds for a sign-out to reach the Secret. */
const SIGN_OUT_LIMIT = 10_000;

/**
 * The session keys, and who has signed out, as a Secret holds them that all gateways watch and any may write. It makes
 * the Secret where there is none, with the keys that it knows, so that no session ends. It makes new keys by age. It
 * leaves a Secret alone that it cannot read, and goes on with the keys that it knows.
 */
export class KeyKeeper {
  readonly #options: KeyKeeperOptions;
  readonly #listeners = new Set<() => void>();
  /** By subject: the sign-outs that are not in the Secret yet. */
  readonly #leaving = new Map<string, number>();
  readonly #writing = new SingleFlight<SignOutOutcome>();
  #shared: SharedKeys | undefined;
  /** What the Secret holds, as it was last good. */
  #known: KeySecret | undefined;
  /** The UID of that Secret. */
  #uid: string | undefined;
  /** The part of the Secret that the keys were made from. */
  #text: string | undefined;
  #jwks: string | undefined;
  /** Why there are no keys, or no present ones. */
  #problem: string | undefined;

  constructor(options: KeyKeeperOptions) {
    this.#options = options;
  }

  /** @throws SessionKeysError while they are unknown */
  current(): SharedKeys {
    if (this.#shared !== undefined) return this.#shared;
    throw new SessionKeysError(`The gateway has no session keys: ${this.problem}`);
  }

  /** What is wrong with the keys; undefined where nothing is. */
  get problem(): string | undefined {
    if (this.#problem !== undefined || this.#shared !== undefined) return this.#problem;
    return `Secret ${this.#options.name} has not been read yet.`;
  }

  jwks(): string | undefined {
    return this.#jwks;
  }

  onKeys(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Follows the Secret, and writes it where that is due, until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const { secret, time } = this.#options;
    await orAborted(secret.synced, signal);
    const backoff = new Backoff(time.random, 100, 60_000);
    let adopted: SecretVersion | undefined;
    while (!signal.aborted) {
      const seen = secret.seen();
      if (seen !== undefined && seen !== adopted) await this.#adopt(seen);
      adopted = seen;
      const rest = await this.#step(seen, signal);
      if (rest !== undefined) backoff.reset();
      const pause = Math.min(rest ?? backoff.next(), LONGEST_PAUSE);
      await firstOf(signal, (signal) => secret.changed(seen, signal), (signal) => time.pause(pause, signal));
    }
  }

  /** Ends all of the user's sessions that have begun, at all gateways. @param began when the session of this one began */
  async signOut(user: string, began: number): Promise<SignOutOutcome> {
    const subject = subjectOf(user);
    const time = Math.max(this.#now, began, this.#leaving.get(subject) ?? 0) + 1;
    this.#leaving.set(subject, time);
    let outcome: SignOutOutcome = WRITTEN;
    while ((this.#leaving.get(subject) ?? 0) >= time && outcome.kind === "written") {
      // One write has all sign-outs that wait. A sign-out that comes during the write may need another one.
      outcome = await this.#writing.run("sign-outs", () => this.#writeLeaving());
    }
    if (this.#leaving.get(subject) === time) this.#leaving.delete(subject);
    return outcome;
  }

  /** Writes all who want to leave into the Secret. Other gateways may do the same at this time. */
  async #writeLeaving(): Promise<SignOutOutcome> {
    const { secret, time, name, signal } = this.#options;
    using limit = new Deadline(signal, SIGN_OUT_LIMIT);
    const backoff = new Backoff(time.random, 20, 500);
    try {
      while (true) {
        const version = await secret.get(limit.signal);
        const read = version && readKeySecret(version.data);
        if (read?.kind === "broken") return unavailable(`Secret ${name} cannot be used: ${read.detail}`);
        if (version !== undefined && read?.kind === "keys") {
          const subjects = new Map(this.#leaving);
          const signedOut = this.#pruned(mergeSignedOut(read.secret.signedOut, { everybody: 0, subjects }));
          const data = { ...version.data, ...keySecretData({ ...read.secret, signedOut }) };
          const written = await secret.replace(data, version, limit.signal);
          if (written.kind === "written") {
            await this.#adopt(written.secret);
            for (const [subject, at] of subjects) if (this.#leaving.get(subject) === at) this.#leaving.delete(subject);
            return WRITTEN;
          }
          if (written.kind !== "lost") return written;
        }
        await time.pause(backoff.next(), limit.signal);
      }
    } catch (error) {
      if (limit.passed) return unavailable(`Secret ${name} could not be written in time.`);
      if (signal.aborted) return unavailable("The sidecar stops.");
      if (error instanceof KubernetesError) return refusalOf(error);
      throw error;
    }
  }

  /** Milliseconds until something may be due; undefined where a write has failed, or another gateway was first. */
  async #step(seen: SecretVersion | undefined, signal: AbortSignal): Promise<number | undefined> {
    const { secret, name } = this.#options;
    if (seen === undefined) {
      const known = this.#known ?? { keys: [await newRootKey(this.#now)], signedOut: NOBODY_SIGNED_OUT };
      return await this.#written(await secret.create(keySecretData(known), signal), `Secret ${name} cannot be made`);
    }
    const read = readKeySecret(seen.data);
    // Somebody has to repair it, which is a change.
    if (read.kind === "broken") return LONGEST_PAUSE;
    const found = read.kind === "keys" ? read.secret : this.#instead(seen);
    const step = found === undefined ? EMPTY : ringStep(found.keys, this.#now);
    if (step.kind === "rest" && read.kind === "keys") return step.until * 1000 - this.#options.time.now();
    const kept = step.kind === "rest" ? found!.keys : step.keep;
    const added = step.kind === "write" && step.adds ? [await newRootKey(this.#now)] : [];
    const signedOut = this.#pruned(found?.signedOut ?? NOBODY_SIGNED_OUT);
    const data = { ...seen.data, ...keySecretData({ keys: [...added, ...kept], signedOut }) };
    return await this.#written(
      await secret.replace(data, seen, signal),
      `New keys cannot be written into Secret ${name}`,
    );
  }

  /** What belongs into a Secret without keys: those of a Secret that is gone; undefined where somebody wants new ones. */
  #instead({ uid }: SecretVersion): KeySecret | undefined {
    return uid === this.#uid ? undefined : this.#known;
  }

  async #written(outcome: SecretWrite, failure: string): Promise<number | undefined> {
    if (outcome.kind === "written") {
      await this.#adopt(outcome.secret);
      return LONGEST_PAUSE;
    }
    if (outcome.kind !== "lost") {
      this.#tell(`${failure}: ${outcome.kind === "refused" ? outcome.cause.message : outcome.message}`);
    }
    return undefined;
  }

  /** Takes what a version of the Secret holds. Sign-outs that are known stay known, whatever comes late. */
  async #adopt({ uid, data }: SecretVersion): Promise<void> {
    const read = readKeySecret(data);
    if (read.kind === "empty") return;
    if (read.kind === "broken") return this.#broken(read.detail);
    const { keys, signedOut } = read.secret;
    try {
      const known = data[KEYS] === this.#text ? this.#shared?.keys : undefined;
      const ready = known ?? await Promise.all(keys.map((key) => sessionKeyOf(key)));
      const all = this.#pruned(mergeSignedOut(signedOut, this.#shared?.signedOut ?? NOBODY_SIGNED_OUT));
      this.#known = { keys, signedOut: all };
      this.#shared = { keys: ready, signedOut: all };
      this.#problem = undefined;
      this.#text = data[KEYS];
      this.#uid = uid;
    } catch {
      return this.#broken("its keys cannot be used");
    }
    const jwks = JSON.stringify({ keys: this.#shared.keys.map(({ jwk }) => jwk) });
    if (jwks === this.#jwks) return;
    this.#jwks = jwks;
    for (const listener of this.#listeners) listener();
  }

  #broken(detail: string): void {
    const now = this.#shared === undefined ? "Nobody can sign in" : "The gateway goes on with the keys that it knows";
    this.#tell(`Secret ${this.#options.name} cannot be used: ${detail}. ${now} until somebody repairs it.`);
  }

  #tell(problem: string): void {
    if (problem === this.#problem) return;
    this.#problem = problem;
    this.#options.onProblem(problem, undefined);
  }

  #pruned(signedOut: SignedOut): SignedOut {
    return pruneSignedOut(signedOut, this.#now, this.#options.sessionSeconds);
  }

  /** Seconds since the epoch. */
  get #now(): number {
    return Math.floor(this.#options.time.now() / 1000);
  }
}

const WRITTEN = { kind: "written" } as const;

function unavailable(message: string): SignOutOutcome {
  return { kind: "unavailable", message };
}

const EMPTY = { kind: "write", keep: [], adds: true } as const;
