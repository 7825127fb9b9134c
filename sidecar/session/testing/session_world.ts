import { setImmediate } from "node:timers/promises";
import type { Authentication } from "../../access/authenticator.ts";
import { CookieSessions } from "../cookie_sessions.ts";
import { KeyKeeper } from "../key_keeper.ts";
import { SharedSecret } from "./shared_secret.ts";

const DAY = 86_400_000;

/** One gateway, as far as sessions go. */
export interface SessionReplica {
  readonly sessions: CookieSessions;
  readonly keys: KeyKeeper;
  readonly problems: readonly string[];
  /** What it has told of groups that a cookie does not hold. */
  readonly leftOut: readonly string[];
}

/** A world with one clock, one Secret and any number of gateways. Its time goes only where a test lets it. */
export class SessionWorld implements AsyncDisposable {
  readonly secret = new SharedSecret();
  readonly stop = new AbortController();
  now = Date.UTC(2026, 0, 1);
  sessionSeconds = 43_200;
  /** What TokenReview says. */
  confirm: (token: string) => Authentication = () => ({ kind: "refused", detail: "unknown token" });
  readonly named = new Map<string | undefined, ReadonlySet<string>>();
  readonly #running: Promise<void>[] = [];
  readonly #pauses = new Set<{ readonly at: number; readonly end: () => void }>();

  /** Another gateway that starts. `offset`: how many milliseconds its clock is ahead. */
  async replica(offset = 0): Promise<SessionReplica> {
    const problems: string[] = [];
    const leftOut: string[] = [];
    const now = () => this.now + offset;
    const keys = new KeyKeeper({
      secret: this.secret.watched(),
      name: "view-gateway-keys",
      sessionSeconds: this.sessionSeconds,
      signal: this.stop.signal,
      time: { now, clock: () => this.now, random: () => 0.5, pause: (limit, signal) => this.#pause(limit, signal) },
      onProblem: (message) => problems.push(message),
    });
    const sessions = new CookieSessions({
      keys,
      sessionSeconds: this.sessionSeconds,
      namedGroups: (view) => this.named.get(view) ?? new Set(),
      confirm: (token) => Promise.resolve(this.confirm(token)),
      onGroupsLeftOut: (user, kept, all) => leftOut.push(`${user}: ${kept} of ${all}`),
      now,
      signal: this.stop.signal,
    });
    this.#running.push(keys.run(this.stop.signal).catch(() => {}));
    await this.settle();
    return { sessions, keys, problems, leftOut };
  }

  /** Lets the time go on, step by step where somebody waits for it. */
  async pass(milliseconds: number): Promise<void> {
    const end = this.now + milliseconds;
    while (true) {
      const next = Math.min(...[...this.#pauses].map(({ at }) => at));
      if (next > end) break;
      this.now = Math.max(this.now, next);
      for (const pause of [...this.#pauses]) if (pause.at <= this.now) pause.end();
      await this.settle();
    }
    this.now = end;
    await this.settle();
  }

  passDays(days: number): Promise<void> {
    return this.pass(days * DAY);
  }

  /** Lets everything happen that waits for no time: then each gateway only waits. */
  async settle(): Promise<void> {
    for (let i = 0; i < 20; i++) await setImmediate();
    while (this.#pauses.size < this.#running.length) await setImmediate();
    for (let i = 0; i < 20; i++) await setImmediate();
    if (this.#pauses.size < this.#running.length) await this.settle();
  }

  async [Symbol.asyncDispose]() {
    this.stop.abort();
    await Promise.all(this.#running);
  }

  #pause(milliseconds: number, signal: AbortSignal): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const onAbort = () => {
      this.#pauses.delete(pause);
      reject(signal.reason);
    };
    const pause = {
      at: this.now + Math.max(1, milliseconds),
      end: () => {
        this.#pauses.delete(pause);
        signal.removeEventListener("abort", onAbort);
        resolve();
      },
    };
    if (signal.aborted) return Promise.reject(signal.reason);
    this.#pauses.add(pause);
    signal.addEventListener("abort", onAbort, { once: true });
    return promise;
  }
}

/** The Cookie header that a browser sends after it got these Set-Cookie values. */
export function cookieOf(...setCookies: readonly string[]): string {
  return setCookies.map((cookie) => cookie.split(";", 1)[0]).join("; ");
}
