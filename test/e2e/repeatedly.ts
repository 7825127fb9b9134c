import { setTimeout as pause } from "node:timers/promises";

/** Repeats an action in the background until the end of the scope, which waits for the last one. */
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
