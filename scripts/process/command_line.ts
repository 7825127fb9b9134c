/** A command's first word as what to execute: Deno need not be on PATH, since tasks run without that. */
export function executable(word: string): string {
  return word === "deno" ? Deno.execPath() : word;
}

/** A search path on which a directory comes first. */
export function withPath(directory: string | undefined, path = Deno.env.get("PATH") ?? ""): string {
  if (directory === undefined) return path;
  return [directory, path].filter(Boolean).join(":");
}

/** The exit status that a shell gives to a command that was ended by a signal. */
export function exitStatus({ code, signal }: Pick<Deno.CommandStatus, "code" | "signal">): number {
  const number = signal && { SIGHUP: 1, SIGINT: 2, SIGQUIT: 3, SIGABRT: 6, SIGKILL: 9, SIGSEGV: 11, SIGTERM: 15 }[
    signal as string
  ];
  return number ? 128 + number : code;
}
