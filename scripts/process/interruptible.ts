import process from "node:process";
import { CommandError } from "./command.ts";
import { MissingError } from "../needs/missing_error.ts";

/**
 * Runs a command line program: SIGINT and SIGTERM abort its signal, so that it can clean up; what is expected to go wrong
 * is said in one line. Ends the process with the status that follows from it.
 */
export async function interruptible(main: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const controller = new AbortController();
  const listeners = (["SIGINT", "SIGTERM"] as const).map((name) => {
    const listener = () => controller.abort(name);
    Deno.addSignalListener(name, listener);
    return [name, listener] as const;
  });
  try {
    await main(controller.signal);
  } catch (error) {
    if (controller.signal.aborted) {
      console.error(`Stopped by ${controller.signal.reason}.`);
      Deno.exitCode = controller.signal.reason === "SIGINT" ? 130 : 143;
    } else if (error instanceof MissingError || error instanceof CommandError) {
      console.error(error.message);
      Deno.exitCode = 1;
    } else throw error;
  } finally {
    for (const [name, listener] of listeners) Deno.removeSignalListener(name, listener);
    // Deno.exitCode alone is forgotten where a library for Node.js has its hands in the exit, as signal-exit does.
    process.exitCode = Deno.exitCode;
  }
}
