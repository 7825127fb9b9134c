import type { LastStart, ViewResource } from "@view-gateway/types";
import { adviceFor } from "../../sidecar/view/advice.ts";
import { durationText } from "./duration.ts";
import { columns, oneLine, severalLines } from "./terminal.ts";
import { stateText } from "./waits.ts";

/** What Kubernetes has noted of an object of a view. */
export interface KubernetesEvent {
  readonly type: string;
  readonly reason: string;
  readonly message: string;
  readonly object: string;
  /** RFC 3339; empty where that is unknown. */
  readonly at: string;
}

/**
 * Why a view is in its phase, for a person.
 * @param events or why they cannot be read
 * @param now milliseconds since the epoch
 */
export function whyText(view: ViewResource, events: readonly KubernetesEvent[] | string, now: number): string {
  return [
    `${stateText(view)}.`,
    ...view.cause === undefined ? [] : severalLines(view.cause.message).map((line) => `  ${line}`),
    ...nextOf(view, now),
    ...view.restartNeeded === undefined
      ? []
      : [`Its pod is older than its ${view.restartNeeded.join(" and ")}: kubectl view restart ${view.name}`],
    ...view.lastStart === undefined ? [] : startLines(view.lastStart, now),
    ...view.logLines === undefined ? [] : block("Log", view.logLines.flatMap(severalLines)),
    ...eventLines(events, now),
  ].map((line) => `${line}\n`).join("");
}

/** What a person can do, or what happens by itself. */
function nextOf({ phase, cause, route, sleepsAt }: ViewResource, now: number): readonly string[] {
  switch (phase) {
    case "failed":
      return cause === undefined ? [] : ["", `What to do: ${adviceFor(cause.reason)}`];
    case "asleep":
      return [`It wakes at its next request: ${oneLine(route.url)}`];
    case "awake":
    case "starting":
      return sleepsAt === undefined
        ? []
        : [`Without traffic it falls asleep in ${durationText((Date.parse(sleepsAt) - now) / 1000)}.`];
  }
}

function startLines({ at, start, outcome, steps }: LastStart, now: number): readonly string[] {
  const ago = durationText((now - Date.parse(at)) / 1000);
  const seconds = steps.map(({ seconds }) => seconds.toFixed(3));
  const widest = Math.max(0, ...seconds.map(({ length }) => length));
  const end = outcome === "failed" ? "failed here" : outcome === "under way" ? "under way" : undefined;
  const lines = steps.map(({ step }, index) => {
    const isLast = index === steps.length - 1;
    return `${seconds[index]!.padStart(widest)} s  ${step}${isLast && end !== undefined ? ` (${end})` : ""}`;
  });
  return block(`Last start, ${ago} ago${start === undefined ? "" : `, ${start}`}`, lines);
}

function eventLines(events: readonly KubernetesEvent[] | string, now: number): readonly string[] {
  if (typeof events === "string") return ["", `Events: kubectl cannot read them: ${oneLine(events)}`];
  const rows = events.map(({ type, reason, message, object, at }) => [
    at === "" ? "" : durationText((now - Date.parse(at)) / 1000),
    ...[type, reason, object, message],
  ]);
  return rows.length === 0
    ? []
    : block("Events", columns(["LAST SEEN", "TYPE", "REASON", "OBJECT", "MESSAGE"], rows).trimEnd().split("\n"));
}

function block(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ["", `${title}:`, ...lines.map((line) => `  ${line}`.trimEnd())];
}
