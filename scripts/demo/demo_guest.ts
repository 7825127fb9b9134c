import type { NodeGuests } from "../cluster/node/node.ts";
import { until } from "../process/until.ts";

/** How many milliseconds a program may take until it answers, beside pods that start. */
const LIMIT = 90_000;

export function localUrl(port: number, path: string): string {
  return `http://localhost:${port}${path}`;
}

/** The command of a program of this project. The node has no way to a registry. */
export function denoProgram(main: string, args: readonly string[]): readonly [string, ...string[]] {
  const allowed = ["net", "read", "env", "sys"].map((what) => `--allow-${what}`);
  return [Deno.execPath(), "run", ...allowed, "--cached-only", "--unstable-no-legacy-abort", main, ...args];
}

/** Waits until such a program serves. */
export async function untilListens(guests: NodeGuests, name: string, signal: AbortSignal): Promise<void> {
  await until(`${name} listens`, async () => {
    await guests.requireAlive(name);
    return (await guests.logTail(name)).includes("Listening on");
  }, { milliseconds: LIMIT, signal });
}

/** Waits until a program answers 200 at a URL of this machine, with an answer that will do. */
export async function untilAnswers(
  what: string,
  url: string,
  requireAlive: () => Promise<void>,
  signal: AbortSignal,
  isEnough: (answer: Response) => Promise<boolean> = () => Promise.resolve(true),
): Promise<void> {
  await until(`${what} answers as it should at ${url}`, async () => {
    await requireAlive();
    signal.throwIfAborted();
    try {
      // A name of this machine may stand for an address at which nothing listens.
      const answer = await fetch(url.replace("//localhost:", "//127.0.0.1:"), { signal: AbortSignal.timeout(2_000) });
      const enough = answer.ok && await isEnough(answer);
      if (!answer.bodyUsed) await answer.body?.cancel();
      return enough;
    } catch {
      return false;
    }
  }, { milliseconds: LIMIT, signal });
}
