import { unlessAbsent } from "./unless_absent.ts";

export interface TemporaryDirectory extends AsyncDisposable {
  readonly path: string;
}

/** An empty directory that is gone, with all in it, when its holder is done: `await using work = await …`. */
export async function temporaryDirectory(options?: Deno.MakeTempOptions): Promise<TemporaryDirectory> {
  const path = await Deno.makeTempDir(options);
  return {
    path,
    // What was made in it may have been kept by giving the directory another name.
    [Symbol.asyncDispose]: () => unlessAbsent(Deno.remove(path, { recursive: true })),
  };
}
