import { bundle } from "../../../scripts/compile/bundle.ts";

/** What SIGUSR2 makes the sidecar write, before the number of bytes. */
export const HEAP = "live heap: ";

/** Tells how much of the heap is in use once all garbage has gone, which nobody can see from outside. */
const PROBE = `Deno.addSignalListener("SIGUSR2", () => {
  globalThis.gc();
  console.log("${HEAP}" + Deno.memoryUsage().heapUsed);
});
`;

/** The sidecar in one file, as in its image, but for a signal by which it tells of its heap. */
export async function measurableBundle(file: string, signal?: AbortSignal): Promise<void> {
  await bundle(file, signal);
  await Deno.writeTextFile(file, PROBE + await Deno.readTextFile(file));
}
