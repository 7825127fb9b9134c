import { exitStatus } from "./command_line.ts";

/** How long a command has after Ctrl-C in a terminal, which has sent the signal to it as well. */
const patience = 5_000;

/**
 * Runs a command with this process's terminal until it ends, and answers its exit status. An interruption is passed on to
 * it: whatever it does about that, it has ended when this returns.
 */
export async function supervise(
  [command, ...args]: readonly [string, ...string[]],
  env: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<number> {
  signal.throwIfAborted();
  const child = new Deno.Command(command, { args, env, stdin: "inherit", stdout: "inherit", stderr: "inherit" })
    .spawn();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const kill = (name: Deno.Signal) => {
    try {
      child.kill(name);
    } catch {
      // It has ended by itself.
    }
  };
  const pass = () => {
    const name: Deno.Signal = signal.reason === "SIGTERM" ? "SIGTERM" : "SIGINT";
    const told = name === "SIGINT" && Deno.stdin.isTerminal();
    timer = setTimeout(() => kill(name), told ? patience : 0);
  };
  signal.addEventListener("abort", pass, { once: true });
  try {
    return exitStatus(await child.status);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", pass);
  }
}
