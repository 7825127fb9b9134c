import { CommandError, runCommand } from "../process/command.ts";

/** What Zipkin was built for. */
const LEAST = 17;

export const JAVA = `Java ${LEAST} or later`;

export async function thereIsJava(signal?: AbortSignal): Promise<boolean> {
  try {
    return isNewEnoughJava(await runCommand("java", ["--version"], { signal }));
  } catch (error) {
    if (error instanceof CommandError) return false;
    throw error;
  }
}

/** @param text what `java --version` prints */
export function isNewEnoughJava(text: string): boolean {
  // Early releases of a version have no second number.
  const [, major] = /^\S+ (\d+)/.exec(text) ?? [];
  return Number(major) >= LEAST;
}
