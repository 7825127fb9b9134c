import { bundle } from "../../../scripts/compile/bundle.ts";

/** On SIGUSR2 the sidecar writes this and the number of bytes. */
export const HEAP = "live heap: ";

/** Writes the size of the live heap after garbage collection, which cannot be seen from outside. */
const PROBE = `Deno.addSignalListener("SIGUSR2", () => {
  globalThis.gc();
  console.log("${HEAP}" + Deno.memoryUsage().heapUsed);
});
`;

/** The sidecar in one file, as in its image, with a signal that makes it write the size of its heap. */
export async function measurableBundle(file: string, signal?: AbortSignal): Promise<void> {
  await bundle(file, signal);
  await Deno.writeTextFile(file, PROBE + await Deno.readTextFile(file));
}
