import type { DetailsPage } from "../console_page.ts";

/** What the commands are made of. */
export type CommandInput = Pick<DetailsPage, "origin" | "view" | "etag" | "tokenCommand">;

/** The command that reads a view. */
export function getCommand({ origin, view, tokenCommand }: CommandInput): string {
  return lines(`curl ${quoted(`${origin}/_api/views/${view.name}`)}`, ...tokenLine(tokenCommand));
}

/** The command that changes a view, if nobody has changed it meanwhile: as an example, it sets the idle time that it has. */
export function patchCommand({ origin, view, etag, tokenCommand }: CommandInput): string {
  const body = JSON.stringify({ idleSeconds: view.effective?.idleSeconds ?? null });
  return lines(
    `curl -X PATCH ${quoted(`${origin}/_api/views/${view.name}`)}`,
    ...tokenLine(tokenCommand),
    "-H 'Content-Type: application/merge-patch+json'",
    ...etag ? [`-H ${quoted(`If-Match: ${etag}`)}`] : [],
    `-d ${quoted(body)}`,
  );
}

/** The token is in a variable, so that it is not in the shell's history. */
function tokenLine(tokenCommand: string | undefined): readonly string[] {
  return tokenCommand === undefined ? [] : [`-H "Authorization: Bearer $TOKEN"`];
}

function lines(...parts: readonly string[]): string {
  return parts.join(" \\\n  ");
}

/** For a POSIX shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
