/** The program for a command's first word. `deno` is the Deno that runs this: it may not be on PATH. */
export function executable(word: string): string {
  return word === "deno" ? Deno.execPath() : word;
}

/** A search path on which a directory comes first. */
export function withPath(directory: string | undefined, path = Deno.env.get("PATH") ?? ""): string {
  if (directory === undefined) return path;
  return [directory, path].filter(Boolean).join(":");
}

/** The exit status as a shell gives it, also for a command that a signal has ended. */
export function exitStatus({ code, signal }: Pick<Deno.CommandStatus, "code" | "signal">): number {
  const number = signal && { SIGHUP: 1, SIGINT: 2, SIGQUIT: 3, SIGABRT: 6, SIGKILL: 9, SIGSEGV: 11, SIGTERM: 15 }[
    signal as string
  ];
  return number ? 128 + number : code;
}
