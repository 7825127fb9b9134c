import { setTimeout as pause } from "node:timers/promises";
import { usage } from "./usage.ts";

/** Seconds of CPU by the names of processes. */
export type CpuSeconds = Readonly<Record<string, number>>;

/** Milliseconds of CPU that one of `count` operations took beyond what the processes take while nothing happens. */
export function costOfOne(
  before: CpuSeconds,
  after: CpuSeconds,
  { count, seconds, idle }: { readonly count: number; readonly seconds: number; readonly idle: CpuSeconds },
): Readonly<Record<string, number>> {
  return Object.fromEntries(
    Object.keys(before).map((name) => {
      const spent = after[name]! - before[name]! - (idle[name] ?? 0) * seconds;
      return [name, Math.max(0, spent) * 1000 / count];
    }),
  );
}

/** Seconds of CPU in a second, of all processes together, above which something still happens. */
const BUSY = 0.1;
/** Seconds. */
const QUIET = 2;

/** Measures what operations cost some processes. */
export class CpuMeter {
  readonly #pids: Readonly<Record<string, number>>;
  readonly #signal: AbortSignal;
  #idle: CpuSeconds = {};

  constructor(pids: Readonly<Record<string, number>>, signal: AbortSignal) {
    this.#pids = pids;
    this.#signal = signal;
  }

  /** Seconds of CPU in a second in which nothing happens, as `calibrate` found them. */
  get idle(): CpuSeconds {
    return this.#idle;
  }

  /** Finds out what the processes take while nothing happens. */
  async calibrate(seconds: number): Promise<void> {
    const [before, began] = [await this.#cpu(), performance.now()];
    await pause(seconds * 1000, undefined, { signal: this.#signal });
    const took = (performance.now() - began) / 1000;
    const after = await this.#cpu();
    this.#idle = Object.fromEntries(
      Object.keys(before).map((name) => [name, (after[name]! - before[name]!) / took]),
    );
  }

  /** Milliseconds of CPU for one operation. `act` resolves when all that follows from the operations is over too. */
  async costOf(count: number, act: () => Promise<unknown>): Promise<Readonly<Record<string, number>>> {
    const [before, began] = [await this.#cpu(), performance.now()];
    await act();
    const seconds = (performance.now() - began) / 1000;
    return costOfOne(before, await this.#cpu(), { count, seconds, idle: this.#idle });
  }

  /** Resolves when the processes have done hardly more for some seconds than while nothing happens. */
  async quiet(): Promise<void> {
    const total = (cpu: CpuSeconds) => Object.values(cpu).reduce((sum, seconds) => sum + seconds, 0);
    const most = total(this.#idle) + BUSY;
    let before = total(await this.#cpu());
    for (let quiet = 0; quiet < QUIET;) {
      await pause(1_000, undefined, { signal: this.#signal });
      const after = total(await this.#cpu());
      quiet = after - before > most ? 0 : quiet + 1;
      before = after;
    }
  }

  /** Bytes of resident memory. */
  async memory(): Promise<Readonly<Record<string, number>>> {
    return await this.#each(async (pid) => (await usage(pid)).memory);
  }

  #cpu(): Promise<CpuSeconds> {
    return this.#each(async (pid) => (await usage(pid)).cpu);
  }

  async #each(of: (pid: number) => Promise<number>): Promise<Readonly<Record<string, number>>> {
    const entries = Object.entries(this.#pids).map(async ([name, pid]) => [name, await of(pid)] as const);
    return Object.fromEntries(await Promise.all(entries));
  }
}
