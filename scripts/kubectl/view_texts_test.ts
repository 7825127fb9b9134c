import { deepEqual, doesNotMatch, equal, match, ok } from "node:assert/strict";
import type { ViewResource } from "@view-gateway/types";
import { browserCommand } from "./browser.ts";
import { viewTable } from "./list_command.ts";
import { columns, oneLine, severalLines } from "./terminal.ts";
import { whyText } from "./why_text.ts";

const now = Date.parse("2026-01-01T01:00:00Z");
const view = (change: Partial<ViewResource> = {}): ViewResource => ({
  name: "sales",
  subsets: [{ bucket: "lake", prefix: "sales/" }],
  route: { hostname: "sales.localhost", url: "http://sales.localhost:8080/" },
  phase: "asleep",
  createdAt: "2026-01-01T00:00:00Z",
  effective: { idleSeconds: 900, maxLifetimeSeconds: 86_400 },
  ...change,
});

Deno.test("a table has a column per member, and more when it is wide", () => {
  const views = [
    view(),
    view({ name: "b", phase: "failed", cause: { reason: "OOMKilled", message: "no" }, owner: "ada" }),
  ];
  equal(
    viewTable(views, false, now),
    "NAME    PHASE                TEMPLATE    OWNER    AGE\n" +
      "sales   asleep               <default>   <none>   60m\n" +
      "b       failed (OOMKilled)   <default>   ada      60m\n",
  );
  match(
    viewTable([view({ start: "warm" })], true, now),
    /warm {4}<none> {9}15m {4}lake\/sales\/ {3}http:\/\/sales\.local/,
  );
});

Deno.test("nothing that others write is a command to the terminal", () => {
  equal(oneLine(" a\x1b[2Jb\u009bc\nd\u202ee\x07 "), "a [2Jb c d e");
  deepEqual(severalLines("a\x1b[1m\r\nb\n\n"), ["a [1m", "b"]);
  const evil = "\x1b]0;owned\x07";
  const failed = view({
    phase: "failed",
    owner: evil,
    template: evil,
    cause: { reason: evil, message: evil },
    logLines: [evil],
  });
  for (
    const text of [viewTable([failed], true, now), whyText(failed, [{ ...event, message: evil, object: evil }], now)]
  ) {
    // deno-lint-ignore no-control-regex
    doesNotMatch(text, /[\x1b\x07]/);
  }
  ok(!columns(["A"], [["a\nb"]]).includes("a\nb"));
});

const event = {
  type: "Warning",
  reason: "Failed",
  message: "no such image",
  object: "Pod/sales-x",
  at: "2026-01-01T00:59:30Z",
};

Deno.test("a failure is explained by its cause, what to do, the steps of its start, its log and the Events", () => {
  const failed = view({
    phase: "failed",
    cause: { reason: "ErrImagePull", message: "no such image" },
    lastStart: {
      at: "2026-01-01T00:58:00Z",
      start: "cold",
      outcome: "failed",
      steps: [{ step: "scheduling", seconds: 0.04 }, { step: "creating container", seconds: 12 }],
    },
    logLines: ["one", "two"],
  });
  equal(
    whyText(failed, [event], now),
    `sales has failed (ErrImagePull).
  no such image

What to do: Check the image's name in the template, and whether the cluster's nodes may pull it.

Last start, 2m ago, cold:
   0.040 s  scheduling
  12.000 s  creating container (failed here)

Log:
  one
  two

Events:
  LAST SEEN   TYPE      REASON   OBJECT        MESSAGE
  30s         Warning   Failed   Pod/sales-x   no such image
`,
  );
  match(whyText(failed, "Forbidden", now), /\nEvents: kubectl cannot read them: Forbidden\n$/);
});

Deno.test("a view that has not failed is explained by what comes next", () => {
  equal(whyText(view(), [], now), "sales is asleep.\nIt wakes at its next request: http://sales.localhost:8080/\n");
  const awake = view({ phase: "awake", start: "warm", sleepsAt: "2026-01-01T01:10:00Z", restartNeeded: ["template"] });
  equal(
    whyText(awake, [], now),
    "sales is awake (warm start).\nWithout traffic it falls asleep in 10m.\n" +
      "Its pod is older than its template: kubectl view restart sales\n",
  );
});

Deno.test("a browser is opened only where there is a screen", () => {
  deepEqual(browserCommand("darwin", () => undefined), ["open"]);
  deepEqual(browserCommand("linux", (name) => name === "DISPLAY" ? ":0" : undefined), ["xdg-open"]);
  equal(browserCommand("linux", () => undefined), undefined);
});
