import { CommandError } from "./command.ts";
import { exitStatus } from "./command_line.ts";

/** How long a command may take to end after Ctrl-C. The terminal has sent the signal to it too. */
const patience = 5_000;

/**
 * Runs a command in this process's terminal and answers its exit status. Passes an interruption on to the command, and
 * returns only when the command has ended.
 * @throws CommandError where there is no such command
 */
export async function supervise(
  [command, ...args]: readonly [string, ...string[]],
  env: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<number> {
  signal.throwIfAborted();
  const child = spawn(command, { args, env, stdin: "inherit", stdout: "inherit", stderr: "inherit" });
  let timer: ReturnType<typeof setTimeout> | undefined;
  const kill = (name: Deno.Signal) => {
    try {
      child.kill(name);
    } catch {
      // It has ended already.
    }
  };
  const pass = () => {
    const name: Deno.Signal = signal.reason === "SIGTERM" ? "SIGTERM" : "SIGINT";
    const fromTerminal = name === "SIGINT" && Deno.stdin.isTerminal();
    timer = setTimeout(() => kill(name), fromTerminal ? patience : 0);
  };
  signal.addEventListener("abort", pass, { once: true });
  try {
    return exitStatus(await child.status);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", pass);
  }
}

function spawn(command: string, options: Deno.CommandOptions): Deno.ChildProcess {
  try {
    return new Deno.Command(command, options).spawn();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) throw new CommandError(`There is no command ${command} on PATH.`);
    throw error;
  }
}
