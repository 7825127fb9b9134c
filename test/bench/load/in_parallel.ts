/** How many calls run at the same time. */
const AT_A_TIME = 32;

/** Makes a number of things, of which each has its number from 0 on. */
export async function inParallel(count: number, make: (i: number) => Promise<unknown>): Promise<void> {
  let next = 0;
  const worker = async () => {
    while (next < count) await make(next++);
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, worker));
}
