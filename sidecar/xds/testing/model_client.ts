import type { Request } from "../subscription.ts";
import type { Response } from "../response.ts";

/**
 * What a client of delta xDS does about one type, as the protocol asks of it: it remembers what it has, refuses a
 * response as a whole where one resource in it is bad, and names what it has when it connects again.
 */
export class ModelClient {
  /** Versions by name, as ACKed. */
  readonly has = new Map<string, string>();
  readonly #bad: (version: string) => boolean;
  readonly #names = new Set<string>();
  readonly #wildcard: boolean;
  #unanswered: Response[] = [];

  constructor(options: { readonly wildcard: boolean; readonly bad: (version: string) => boolean }) {
    this.#wildcard = options.wildcard;
    this.#bad = options.bad;
  }

  get wanted(): (name: string) => boolean {
    return (name) => this.#wildcard || this.#names.has(name);
  }

  get waits(): boolean {
    return this.#unanswered.length > 0;
  }

  /** The first request on a new stream; undefined where there is nothing to ask for. */
  connect(): Request | undefined {
    this.#unanswered = [];
    const subscribe = [...this.#names];
    if (!this.#wildcard && subscribe.length === 0) return undefined;
    return { ...QUIET, subscribe: this.#wildcard ? [] : subscribe, initialVersions: Object.fromEntries(this.has) };
  }

  subscribe(name: string): Request | undefined {
    if (this.#wildcard || this.#names.has(name)) return undefined;
    this.#names.add(name);
    return { ...QUIET, subscribe: [name] };
  }

  unsubscribe(name: string): Request | undefined {
    if (this.#wildcard || !this.#names.delete(name)) return undefined;
    this.has.delete(name);
    return { ...QUIET, unsubscribe: [name] };
  }

  receive(response: Response): void {
    this.#unanswered.push(response);
  }

  /** Takes the oldest response, or refuses it. */
  answer(): Request | undefined {
    const response = this.#unanswered.shift();
    if (response === undefined) return undefined;
    const { nonce, set, removed } = response;
    if (set.some(({ version }) => this.#bad(version))) return { ...QUIET, nonce, error: "one of them is bad" };
    for (const { name, version } of set) {
      if (this.wanted(name)) this.has.set(name, version);
    }
    for (const name of removed) this.has.delete(name);
    return { ...QUIET, nonce };
  }
}

const QUIET: Request = { subscribe: [], unsubscribe: [], initialVersions: {}, nonce: "", error: undefined };
