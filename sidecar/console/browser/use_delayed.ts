import { useEffect, useRef } from "preact/hooks";

/** Milliseconds without a key after which what is written counts. */
const PAUSE = 250;

/** Runs a function soon, unless it is asked for again before; or now. */
export function useDelayed(run: () => void): { readonly later: () => void; readonly now: () => void } {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const now = () => {
    clearTimeout(timer.current);
    run();
  };
  useEffect(() => () => clearTimeout(timer.current), []);
  return {
    now,
    later: () => {
      clearTimeout(timer.current);
      timer.current = setTimeout(now, PAUSE);
    },
  };
}
