import process from "node:process";
import { CommandError } from "./command.ts";
import { MissingError } from "../needs/missing_error.ts";

/**
 * Runs a command line program. SIGINT and SIGTERM abort its signal, so that it can clean up. An expected error is printed
 * in one line. The process ends with the matching status.
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
    // Deno.exitCode alone is lost if a library for Node.js, such as signal-exit, changes the exit.
    process.exitCode = Deno.exitCode;
  }
}
