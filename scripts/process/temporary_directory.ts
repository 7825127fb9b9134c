import { unlessAbsent } from "./unless_absent.ts";

export interface TemporaryDirectory extends AsyncDisposable {
  readonly path: string;
}

/** An empty directory that is removed, with all in it, at the end of its scope: `await using work = await …`. */
export async function temporaryDirectory(options?: Deno.MakeTempOptions): Promise<TemporaryDirectory> {
  const path = await Deno.makeTempDir(options);
  return {
    path,
    // It is absent if its user has renamed it, to keep it.
    [Symbol.asyncDispose]: () => unlessAbsent(Deno.remove(path, { recursive: true })),
  };
}
