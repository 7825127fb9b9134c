import { useEffect, useState } from "preact/hooks";

/** For how many whole seconds something has been going on; 0 while it is not. */
export function useWaitedSeconds(isGoingOn: boolean): number {
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    setSeconds(0);
    if (!isGoingOn) return;
    const start = performance.now();
    const timer = setInterval(() => setSeconds(Math.floor((performance.now() - start) / 1000)), 250);
    return () => clearInterval(timer);
  }, [isGoingOn]);
  return seconds;
}
