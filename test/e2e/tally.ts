import type { Answer } from "./http.ts";

/** Counts what became of requests. */
export class Tally {
  sent = 0;
  readonly #outcomes = new Map<string, number>();

  /** Counts a request: by its status, or as an error of its connection. */
  async count(request: Promise<Answer>): Promise<Answer | undefined> {
    try {
      const answer = await request;
      this.add(String(answer.status));
      return answer;
    } catch (error) {
      const { code, name } = error as NodeJS.ErrnoException;
      this.add(code ?? name);
      return undefined;
    }
  }

  get ok(): number {
    return this.#outcomes.get("200") ?? 0;
  }

  /** All that was not answered 200, by status or error. */
  get otherwise(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.#outcomes].filter(([outcome]) => outcome !== "200").sort());
  }

  /** Counts what became of a request: its status, or in a word what came instead. */
  add(outcome: string): void {
    this.sent++;
    this.#outcomes.set(outcome, (this.#outcomes.get(outcome) ?? 0) + 1);
  }
}
