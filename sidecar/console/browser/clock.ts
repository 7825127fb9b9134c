import { createContext } from "preact";
import { useContext, useEffect, useState } from "preact/hooks";

/** Milliseconds between two looks at the time. */
const TICK = 1000;

/**
 * The server's time, so that a browser whose clock is wrong tells the right spans. It stands still until the browser goes on
 * with the page: what the server has rendered is what the browser first renders too.
 */
export class ConsoleClock {
  readonly #server: number;
  readonly #told = new Set<() => void>();
  #offset: number | undefined;
  #timer: ReturnType<typeof setInterval> | undefined;

  /** @param now when the server made the page, as RFC 3339 */
  constructor(now: string) {
    this.#server = Date.parse(now);
  }

  now(): number {
    return this.#offset === undefined ? this.#server : Date.now() + this.#offset;
  }

  /** Calls it every second until the returned function is called. All share one timer. */
  subscribe(tell: () => void): () => void {
    this.#offset ??= this.#server - Date.now();
    this.#told.add(tell);
    this.#timer ??= setInterval(() => this.#told.forEach((tell) => tell()), TICK);
    return () => {
      this.#told.delete(tell);
      if (this.#told.size > 0) return;
      clearInterval(this.#timer);
      this.#timer = undefined;
    };
  }
}

export const ClockContext = createContext(new ConsoleClock("1970-01-01T00:00:00Z"));

/**
 * A text that depends on the time. Its component renders again only when the text is another.
 * @param subject what else the text depends on
 */
export function useTextAt(text: (now: number) => string, subject: string): string {
  const clock = useContext(ClockContext);
  const [, setShown] = useState("");
  useEffect(() => {
    const update = () => setShown(text(clock.now()));
    update();
    return clock.subscribe(update);
  }, [clock, subject]);
  return text(clock.now());
}
