import type { Answer } from "../client/http.ts";

/** Counts the outcomes of requests. */
export class Tally {
  sent = 0;
  readonly #outcomes = new Map<string, number>();
  readonly #examples = new Map<string, string>();

  /** Counts a request by its status, or by the error of its connection. */
  async count(request: Promise<Answer>): Promise<Answer | undefined> {
    try {
      const answer = await request;
      this.add(String(answer.status), answer.text);
      return answer;
    } catch (error) {
      const { code, name } = error as NodeJS.ErrnoException;
      this.add(code ?? name, String(error));
      return undefined;
    }
  }

  get ok(): number {
    return this.#outcomes.get("200") ?? 0;
  }

  /** All outcomes except 200, by status or error. */
  get otherwise(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.#outcomes].filter(([outcome]) => outcome !== "200").sort());
  }

  /** The first text of each outcome except 200. */
  get examples(): readonly (readonly [outcome: string, text: string])[] {
    return [...this.#examples].filter(([outcome]) => outcome !== "200");
  }

  /** Counts an outcome: a status, or the code of an error. `example` is its text. */
  add(outcome: string, example = ""): void {
    this.sent++;
    if (!this.#examples.has(outcome)) this.#examples.set(outcome, example);
    this.#outcomes.set(outcome, (this.#outcomes.get(outcome) ?? 0) + 1);
  }
}
