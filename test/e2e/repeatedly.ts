import { setTimeout as pause } from "node:timers/promises";

/** What is done again and again in the background, until it is disposed of; that waits for the last time. */
export function repeatedly(act: () => Promise<unknown>, every: number): AsyncDisposable {
  let going = true;
  const running = (async () => {
    while (going) {
      await act();
      await pause(every);
    }
  })();
  return {
    [Symbol.asyncDispose]: async () => {
      going = false;
      await running;
    },
  };
}
