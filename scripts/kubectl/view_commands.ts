import type { CreateView, ViewList, ViewResource } from "@view-gateway/types";
import { closestWord } from "../../types/closest_word.ts";
import { openInBrowser } from "./browser.ts";
import { CommandFailure } from "./command_failure.ts";
import { GatewayRefusal } from "./gateway_api.ts";
import { oneLine } from "./terminal.ts";
import { pathOf, type ViewCommand } from "./view_command.ts";
import { wakeUntilAwake } from "./waits.ts";

export interface CreationOptions {
  readonly wait?: boolean;
  readonly timeout: number;
  readonly dryRun?: boolean;
  readonly output?: "json" | "name";
}

/** `kubectl view create`. */
export async function printCreation(command: ViewCommand, body: CreateView, options: CreationOptions): Promise<void> {
  const { api, terminal } = command;
  const { wait, timeout, dryRun, output } = options;
  if (dryRun) return await terminal.out(`${JSON.stringify(body, null, 2)}\n`);
  const made = await api.ask<ViewResource>("/_api/views", { method: "POST", body });
  if (wait) await terminal.err(`View ${made.name} is created.\n`);
  const view = wait ? await wakeUntilAwake(command, made.name, timeout) : made;
  if (output === "json") return await terminal.out(`${JSON.stringify(view, null, 2)}\n`);
  if (output === "name") return await terminal.out(`${view.name}\n`);
  await terminal.out(
    wait ? `${oneLine(view.route.url)}\n` : `View ${view.name} is created: ${oneLine(view.route.url)}\n`,
  );
}

/** `kubectl view open`: the request of the browser wakes the view. */
export async function printOpening({ api, terminal, signal }: ViewCommand, name: string, printOnly: boolean) {
  const { route } = await api.ask<ViewResource>(pathOf(name));
  const url = oneLine(route.url);
  await terminal.out(`${url}\n`);
  if (printOnly || await openInBrowser(url, signal)) return;
  await terminal.err("There is no browser to open here.\n");
}

/** `kubectl view wake`. */
export async function printWake(
  command: ViewCommand,
  name: string,
  { wait, timeout }: { readonly wait?: boolean; readonly timeout: number },
): Promise<void> {
  const view = wait
    ? await wakeUntilAwake(command, name, timeout)
    : await command.api.ask<ViewResource>(pathOf(name, "/wake"), { method: "POST" });
  await command.terminal.out(`View ${view.name} is ${view.phase}: ${oneLine(view.route.url)}\n`);
}

/** `kubectl view sleep` and `kubectl view restart`. */
export async function printChange({ api, terminal }: ViewCommand, name: string, action: "sleep" | "restart") {
  const view = await api.ask<ViewResource>(pathOf(name, `/${action}`), { method: "POST" });
  await terminal.out(`View ${view.name} ${action === "sleep" ? "goes to sleep" : "restarts"}.\n`);
}

/** `kubectl view delete`. */
export async function printDeletion({ api, terminal }: ViewCommand, name: string): Promise<void> {
  await api.ask(pathOf(name), { method: "DELETE" });
  await terminal.out(`View ${name} is deleted.\n`);
}

/** Runs a command about a view. Where there is no such view, its error names the view that was probably meant. */
export async function aboutView(command: ViewCommand, name: string, run: () => Promise<void>): Promise<void> {
  try {
    await run();
  } catch (error) {
    if (!(error instanceof GatewayRefusal) || !error.problem.type.endsWith(":unknown-view")) throw error;
    const { items }: ViewList = await command.api.ask<ViewList>("/_api/views?limit=1000").catch(() => {
      throw error;
    });
    const meant = closestWord(name, items.map((view) => view.name));
    throw meant === undefined ? error : new CommandFailure(`${error.message} Did you mean ${meant}?`);
  }
}
