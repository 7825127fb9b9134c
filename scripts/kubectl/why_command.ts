import type { ViewResource } from "@view-gateway/types";
import { CommandError } from "../process/command.ts";
import { pathOf, type ViewCommand } from "./view_command.ts";
import { type KubernetesEvent, whyText } from "./why_text.ts";

/** Most Events that are shown. */
const EVENTS = 10;

/** `kubectl view why`: what a view does, why it has failed, and what its start did. */
export async function printWhy(command: ViewCommand, name: string, output: "json" | undefined): Promise<void> {
  const { api, terminal, now } = command;
  const view = await api.ask<ViewResource>(pathOf(name));
  if (output === "json") return await terminal.out(`${JSON.stringify(view, null, 2)}\n`);
  const events = view.phase === "asleep" || view.phase === "awake" ? [] : await eventsOf(command, view.name);
  await terminal.out(whyText(view, events, now()));
}

interface EventList {
  readonly items: readonly {
    readonly type?: string;
    readonly reason?: string;
    readonly message?: string;
    readonly lastTimestamp?: string | null;
    readonly eventTime?: string | null;
    readonly involvedObject: { readonly kind?: string; readonly name?: string };
  }[];
}

/** The Events about the view's objects, as far as the person may read them by kubectl. */
async function eventsOf(
  { kubectl, namespace, signal }: ViewCommand,
  view: string,
): Promise<readonly KubernetesEvent[] | string> {
  const where = namespace === undefined ? [] : [`--namespace=${namespace}`];
  try {
    const pods = await kubectl.run([
      ...["get", "pods", `--selector=view.yolean.se/name=${view}`, "--output=jsonpath={.items[*].metadata.name}"],
      ...where,
    ]);
    const names = new Set([view, ...pods.split(" ").filter((name) => name !== "")]);
    const { items }: EventList = JSON.parse(await kubectl.run(["get", "events", "--output=json", ...where]));
    return items
      .filter(({ involvedObject: { kind, name = "" } }) =>
        // The pod may be gone already.
        names.has(name) || kind === "Pod" && name.startsWith(`${view}-`) && !name.slice(view.length + 1).includes("-")
      )
      .map((
        { type = "", reason = "", message = "", lastTimestamp, eventTime, involvedObject: { kind = "", name = "" } },
      ) => ({
        ...{ type, reason, message, object: `${kind}/${name}` },
        at: lastTimestamp ?? eventTime ?? "",
      }))
      .toSorted((a, b) => a.at < b.at ? -1 : 1)
      .slice(-EVENTS);
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof CommandError) && (error as Error).name !== "TimeoutError") throw error;
    return (error as Error).message.split("\n").at(-1) ?? "";
  }
}
