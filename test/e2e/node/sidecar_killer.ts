import { setTimeout as pause } from "node:timers/promises";
import { environment } from "../environment.ts";
import type { Gateway } from "../gateway/gateway.ts";
import { oneOf } from "../seed.ts";
import { signalContainer } from "./gateway_process.ts";

/** Kills the sidecar of a random replica every few seconds, until the end of the scope. */
export class SidecarKiller implements AsyncDisposable {
  kills = 0;
  #going = true;
  readonly #running: Promise<void>;

  /** @param every milliseconds between kills */
  constructor({ replicas }: Gateway, next: () => number, every: number = environment().killEvery) {
    this.#running = this.#run(() => oneOf(next, replicas).pod, every);
  }

  async #run(victim: () => string, every: number): Promise<void> {
    while (this.#going) {
      await pause(every);
      // One that is only now being restarted cannot be killed.
      await signalContainer(victim(), "sidecar", "SIGKILL").then(() => this.kills++, () => {});
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#going = false;
    await this.#running;
  }
}
