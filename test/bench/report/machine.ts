import { cpus, totalmem } from "node:os";

/** What was measured on, in a few words. */
export function describeMachine(): string {
  const processors = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  return `${processors.length} × ${processors[0]?.model ?? Deno.build.arch}, ${memory} GiB`;
}
