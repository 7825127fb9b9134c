import { dirname } from "node:path";

/** Leaves a unix socket that nothing listens on, as a crashed process does. */
export async function staleSocket(path: string): Promise<void> {
  // Closing a listener would remove its socket.
  const crash = `Deno.listen({ transport: "unix", path: ${JSON.stringify(path)} }); Deno.exit()`;
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", crash],
    cwd: dirname(path),
    stdout: "null",
    stderr: "piped",
  }).output();
  if (!success) throw new Error(`Cannot leave a socket at ${path}: ${new TextDecoder().decode(stderr)}`);
}
