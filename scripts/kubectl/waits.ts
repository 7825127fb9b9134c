import type { ViewResource } from "@view-gateway/types";
import { setTimeout as pause } from "node:timers/promises";
import { CommandFailure, EXIT_STATUS } from "./command_failure.ts";
import { GatewayRefusal } from "./gateway_api.ts";
import { ProgressLine } from "./progress_line.ts";
import { serverEvents } from "./server_events.ts";
import { oneLine } from "./terminal.ts";
import { pathOf, type ViewCommand } from "./view_command.ts";

/** Seconds for which one answer waits: proxies cut longer ones. */
const ANSWER = 20;

/** Milliseconds before a stream that has ended is opened again. */
const AGAIN = 500;

export type AwaitedPhase = "awake" | "asleep" | "failed";

/** Wakes a view, and waits until it is awake. @throws CommandFailure */
export async function wakeUntilAwake(command: ViewCommand, name: string, timeout: number): Promise<ViewResource> {
  const { api, terminal, now } = command;
  const until = now() + timeout * 1000;
  await using progress = new ProgressLine(terminal, now);
  while (true) {
    const wait = Math.max(0, Math.min(ANSWER, Math.ceil((until - now()) / 1000)));
    progress.show(`Waking ${name}`);
    const view = await api.ask<ViewResource>(pathOf(name, `/wake?wait=${wait}`), { method: "POST", wait })
      .catch((error) => {
        throw error instanceof GatewayRefusal && error.problem.type.endsWith(":view-failed")
          ? failed(name, error)
          : error;
      });
    if (view.phase === "awake") return view;
    if (now() >= until) throw late(name, "awake", view, timeout);
  }
}

/** Waits for a phase of a view, and changes nothing. @throws CommandFailure */
export async function untilPhase(
  command: ViewCommand,
  name: string,
  phase: AwaitedPhase,
  timeout: number,
): Promise<ViewResource> {
  const { terminal, now, signal } = command;
  const time = AbortSignal.timeout(timeout * 1000);
  await using progress = new ProgressLine(terminal, now);
  let last: ViewResource | undefined;
  try {
    for await (const view of changesOf(command, name, AbortSignal.any([signal, time]))) {
      if (view.phase === phase) return view;
      if (view.phase === "failed" && phase === "awake") throw failed(name, view.cause);
      if (last === undefined && view.phase === "asleep" && phase === "awake") {
        await terminal.err(`${name} is asleep. It wakes at its next request: kubectl view wake ${name}\n`);
      }
      progress.show(stateText(last = view));
    }
    throw new CommandFailure(`View ${name} is deleted, or you may not see it any more.`);
  } catch (error) {
    signal.throwIfAborted();
    if (!time.aborted) throw error;
  }
  throw late(name, phase, last, timeout);
}

/** The state of a view now, and after each change, until the view is gone. */
async function* changesOf({ api }: ViewCommand, name: string, signal: AbortSignal): AsyncGenerator<ViewResource> {
  for (let isKnown = false;; isKnown = true) {
    try {
      for await (const { event, data } of serverEvents(await api.stream(pathOf(name, "?watch"), signal))) {
        if (event === "changed") yield JSON.parse(data);
        if (event === "gone") return;
      }
    } catch (error) {
      signal.throwIfAborted();
      // A gateway of an earlier version has no such streams.
      if (error instanceof GatewayRefusal && error.problem.status === 400) yield await api.ask(pathOf(name));
      else if (!mayPass(error, isKnown)) throw error;
    }
    await pause(AGAIN, undefined, { signal });
  }
}

/** Whether the next stream may do what this one did not. @param isKnown whether the gateway has answered before */
function mayPass(error: unknown, isKnown: boolean): boolean {
  if (error instanceof GatewayRefusal) return error.problem.status === 503;
  // The gateway's pod has ended, or a proxy has cut the stream.
  return !(error instanceof RangeError) && (isKnown || !(error instanceof CommandFailure));
}

/** What a view does now. */
export function stateText({ name, phase, start, lastStart, cause }: ViewResource): string {
  const step = phase === "starting" ? lastStart?.steps.at(-1)?.step : undefined;
  const more = [...start === undefined ? [] : [`${start} start`], ...step === undefined ? [] : [step]];
  if (cause !== undefined) more.push(oneLine(cause.reason));
  return `${name} ${phase === "failed" ? "has failed" : `is ${phase}`}${
    more.length === 0 ? "" : ` (${more.join(", ")})`
  }`;
}

function failed(name: string, cause: { readonly message: string } | undefined): CommandFailure {
  const said = cause === undefined ? `View ${name} has failed.` : oneLine(cause.message);
  return new CommandFailure(`${said}\nSee more: kubectl view why ${name}`, EXIT_STATUS.failed);
}

function late(name: string, phase: AwaitedPhase, last: ViewResource | undefined, timeout: number): CommandFailure {
  const state = last === undefined ? "" : ` ${stateText(last)}.`;
  return new CommandFailure(`View ${name} was not ${phase} within ${timeout} s.${state}`, EXIT_STATUS.timeout);
}
