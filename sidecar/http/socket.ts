/**
 * Removes the unix socket that a former process left at a path: nothing can listen on an existing one.
 * @throws Error where something else is there
 */
export async function removeSocket(path: string): Promise<void> {
  try {
    if (!(await Deno.lstat(path)).isSocket) {
      throw new Error(`Cannot listen on ${path}: there is a file that is no socket`);
    }
    await Deno.remove(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
