import { deepEqual } from "node:assert/strict";
import { configure, type LogRecord, reset } from "@logtape/logtape";
import {
  logEvent,
  logFault,
  logLaunch,
  logPhase,
  logProbed,
  logRenewal,
  logTemplates,
  logTrouble,
  logVerdict,
} from "./log_lines.ts";
import { noTemplates, templatesIn } from "../view/templates.ts";
import { viewState } from "../view/testing/view_state.ts";

const cause = { reason: "ErrImagePull", message: "no such image" };
const asleep = viewState();
const starting = viewState({ kind: "starting", job: "job-1", step: "scheduling" });
const awake = viewState({ kind: "awake", job: "job-1", serving: [] });
const failed = viewState({ kind: "failed", job: "job-1", cause });

/** What is logged while `act` runs, each line as `level: message`. */
async function logged(act: () => void, seen: LogRecord[] = []): Promise<string[]> {
  await configure({
    sinks: { seen: (record) => void seen.push(record) },
    loggers: [
      { category: ["view-gateway"], lowestLevel: "debug", sinks: ["seen"] },
      { category: ["logtape"], lowestLevel: "error", sinks: ["seen"] },
    ],
  });
  try {
    act();
  } finally {
    await reset();
  }
  return seen.map(({ level, message }) => `${level}: ${message.join("")}`);
}

Deno.test("each phase that a view comes to is told, and a step within it is not", async () => {
  const lines = await logged(() => {
    logPhase("hello", asleep, starting);
    logPhase("hello", starting, viewState({ kind: "starting", job: "job-1", step: "creating container" }));
    logPhase("hello", starting, awake);
    logPhase("hello", awake, failed);
    logPhase("hello", failed, undefined);
  });
  deepEqual(lines, [
    "info: View hello is starting",
    "info: View hello is awake",
    "warning: View hello has failed: ErrImagePull: no such image",
    "info: View hello is gone",
  ]);
});

Deno.test("a template that has changed is logged once, and its views are not", async () => {
  const job = (port: string) =>
    `{apiVersion: batch/v1, kind: Job, spec: {template: {spec: {containers: [{name: a, ports: [{name: ${port}, containerPort: 1}]}]}}}}`;
  const none = noTemplates("templates", "default");
  const first = templatesIn(none, { "default.yaml": job("http"), "web.yaml": job("web"), "old.yaml": job("http") });
  const next = templatesIn(first, { "default.yaml": "kind: Jib", "web.yaml": job("web") });
  const broken = viewState({
    kind: "failed",
    job: undefined,
    cause: { reason: "InvalidTemplate", message: "Template default is not a Job." },
  });
  const lines = await logged(() => {
    logTemplates(none, first);
    logTemplates(first, next);
    logPhase("hello", asleep, broken);
    logPhase("hello", broken, asleep);
  });
  deepEqual(lines, [
    "info: Template default is read",
    "info: Template old is read",
    "warning: The API makes no view of template web: No container of template web has a TCP port named http, which is the " +
    "Service's targetPort; it declares web (1). Give the port that the view listens on the name http, in the template's " +
    "spec.template.spec.containers[].ports.",
    "warning: Template default cannot be used: Template default is not a Job: it must be a manifest with apiVersion: batch/v1 and kind: Job.",
    "warning: Template old cannot be used: There is no template old: ConfigMap templates has no key old.yaml.",
    "debug: View hello is failed, as its template is",
    "debug: View hello is asleep, as its template is",
  ]);
});

Deno.test("a first sync tells of the views that do anything, not of a hundred thousand that sleep", async () => {
  const lines = await logged(() => {
    logPhase("hello", undefined, asleep);
    logPhase("hello", undefined, awake);
    logPhase("hello", undefined, failed);
  });
  deepEqual(lines, ["info: View hello is awake", "warning: View hello has failed: ErrImagePull: no such image"]);
});

Deno.test("a line has what it is about as properties, so that a search finds it", async () => {
  const seen: LogRecord[] = [];
  await logged(() => logPhase("hello", awake, failed), seen);
  const { view, before, reason, detail } = seen[0]!.properties;
  deepEqual({ view, before, reason, detail }, {
    view: "hello",
    before: "awake",
    reason: "ErrImagePull",
    detail: "no such image",
  });
  deepEqual(seen[0]!.category, ["view-gateway", "view"]);
});

Deno.test("braces in what Kubernetes says are text", async () => {
  const lines = await logged(() =>
    logLaunch("hello", { kind: "failed", cause: { reason: "Invalid", message: "field {view} is {{odd}}" } })
  );
  deepEqual(lines, ["warning: View hello cannot be launched: Invalid: field {view} is {{odd}}"]);
});

Deno.test("a launch is logged with its gateway or its failure; routine outcomes are debug lines", async () => {
  const lines = await logged(() => {
    logLaunch("hello", { kind: "launched", created: "job-1" });
    logLaunch("hello", { kind: "launched", created: undefined });
    logLaunch("hello", { kind: "unavailable", message: "connection refused" });
    logLaunch("hello", { kind: "late", seconds: 30, waitedFor: "its template" });
    logLaunch("hello", { kind: "stopping" });
    logLaunch("hello", { kind: "fault" });
    logFault("hello", new TypeError("x is not a function"));
    logLaunch("hello", { kind: "paused", cause, seconds: 40 });
    logRenewal("hello", { kind: "renewed" });
    logProbed("hello", 1_234.5);
    logVerdict("hello", { kind: "denied", denial: { kind: "unknown view", host: "x" } }, 1.6);
  });
  deepEqual(lines, [
    "info: View hello is launched",
    "info: View hello was launched by another gateway",
    "warning: View hello cannot be launched now: connection refused",
    "warning: View hello was not launched within 30 s; it still waited for its template",
    "info: The launch of view hello is left, as the sidecar stops",
    "error: The gateway has failed at view hello: TypeError: x is not a function",
    "debug: View hello is not launched again for 40 s: ErrImagePull: no such image",
    "debug: The lease of view hello is renewed",
    "debug: View hello answers probes, after 1235 ms of them",
    "debug: A request for hello: unknown view after 2 ms",
  ]);
});

Deno.test("failed writes are logged with the reason, and successful ones are not", async () => {
  const lines = await logged(() => {
    logEvent("hello", { kind: "written" });
    logEvent("hello", { kind: "refused", cause: { reason: "Forbidden", message: "no events for you" } });
    logRenewal("hello", { kind: "lost" });
    logRenewal("hello", { kind: "unavailable", message: "connection refused" });
  });
  deepEqual(lines, [
    "warning: No Event tells of view hello: no events for you",
    "warning: The lease of view hello cannot be renewed: connection refused",
  ]);
});

Deno.test("trouble with Kubernetes is logged with its error, where there is one", async () => {
  const lines = await logged(() => {
    logTrouble("Watch of pods failed; it goes on", new Error("no connection"));
    logTrouble("The state {of old} is older", undefined);
  });
  deepEqual(lines, [
    "warning: Watch of pods failed; it goes on: Error: no connection",
    "warning: The state {of old} is older",
  ]);
});
