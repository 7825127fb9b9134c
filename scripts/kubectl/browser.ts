import { runCommand } from "../process/command.ts";

/** The command that opens a URL in this machine's browser; undefined where it has no screen. */
export function browserCommand(
  os: typeof Deno.build.os,
  environment: (variable: string) => string | undefined,
): readonly [string, ...string[]] | undefined {
  if (os === "darwin") return ["open"];
  if (os === "windows") return ["rundll32", "url.dll,FileProtocolHandler"];
  return environment("DISPLAY") || environment("WAYLAND_DISPLAY") ? ["xdg-open"] : undefined;
}

/** Opens a URL. Answers whether a browser was asked. */
export async function openInBrowser(url: string, signal: AbortSignal): Promise<boolean> {
  const [command, ...args] = browserCommand(Deno.build.os, Deno.env.get) ?? [];
  // A program that opens URLs opens files, too.
  if (command === undefined || !/^https?:\/\//.test(url)) return false;
  try {
    await runCommand(command, [...args, url], { signal });
    return true;
  } catch {
    signal.throwIfAborted();
    return false;
  }
}
