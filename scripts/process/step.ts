/**
 * Runs a step. If it takes longer than two seconds, it reports its progress and its duration on standard error.
 */
export async function step<T>(label: string, run: () => Promise<T>): Promise<T> {
  const started = performance.now();
  const elapsed = () => `${((performance.now() - started) / 1000).toFixed(1)} s`;
  let next = 2000;
  let shown = false;
  const show = () => {
    console.error(`${label} … ${elapsed()}`);
    shown = true;
    next = Math.min(next * 2, 15_000);
    timer = setTimeout(show, next);
  };
  let timer = setTimeout(show, next);
  try {
    const result = await run();
    if (shown) console.error(`${label}: done in ${elapsed()}`);
    return result;
  } finally {
    clearTimeout(timer);
  }
}
