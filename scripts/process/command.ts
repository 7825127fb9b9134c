import { setTimeout as delay } from "node:timers/promises";

/** How many milliseconds after a command's end by Ctrl-C this process may see its own SIGINT. */
const INTERRUPTION_DELAY = 1_000;

/** A command could not start, or failed. The message has the end of its output. */
export class CommandError extends Error {
  override readonly name = "CommandError";
}

export interface CommandOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Ends the command. */
  readonly signal?: AbortSignal | undefined;
  /** Whether the answer also has its standard error, after its standard output. */
  readonly withErrors?: boolean;
}

/**
 * Runs a command and answers its standard output.
 * @throws CommandError
 */
export async function runCommand(
  command: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<string> {
  options.signal?.throwIfAborted();
  const { signal, withErrors = false, ...rest } = options;
  let output: Deno.CommandOutput;
  try {
    output = await new Deno.Command(command, { ...rest, args: [...args], ...(signal && { signal }), stdin: "null" })
      .output();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) throw new CommandError(`There is no command ${command} on PATH.`);
    throw error;
  }
  // A terminal sends SIGINT to the command too, whose end may be seen first.
  if (signal && output.signal === "SIGINT") {
    await delay(INTERRUPTION_DELAY, undefined, { signal }).catch(() => {});
  }
  signal?.throwIfAborted();
  const stdout = new TextDecoder().decode(output.stdout);
  const stderr = new TextDecoder().decode(output.stderr);
  if (output.success) return withErrors ? `${stdout}${stderr}` : stdout;
  const end = `${stdout}${stderr}`.trim().split("\n").slice(-20).join("\n");
  const how = output.signal ? `was ended by ${output.signal}` : `failed with exit status ${output.code}`;
  throw new CommandError(`${[command, ...args].join(" ")} ${how}:\n${end}`);
}

/** Whether a command runs and succeeds. */
export async function succeeds(
  command: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<boolean> {
  try {
    await runCommand(command, args, options);
    return true;
  } catch (error) {
    if (error instanceof CommandError) return false;
    throw error;
  }
}
