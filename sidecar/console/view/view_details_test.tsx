import { deepEqual, equal, match, ok } from "node:assert/strict";
import { renderToString } from "preact-render-to-string";
import type { ViewResource } from "@view-gateway/types";
import type { DetailsPage } from "../console_page.ts";
import { Console } from "../page/console.tsx";
import { detailsPage } from "../testing/pages.ts";

const htmlOf = (view: Partial<ViewResource> = {}, change: Partial<DetailsPage> = {}) =>
  renderToString(<Console page={detailsPage("sales", view, change)} />);
const textOf = (...page: Parameters<typeof htmlOf>) =>
  htmlOf(...page).replaceAll(/<[^>]*>/g, " ").replaceAll(/\s+/g, " ");

Deno.test("the heading tells the phase and why the view is in it", () => {
  match(
    textOf({ lastRequestAt: "2026-01-01T11:58:00Z" }),
    /sales .*asleep .*wakes on its next request\. The last one was 2.min ago/,
  );
  match(
    textOf({ phase: "awake", start: "warm", sleepsAt: "2026-01-01T12:12:30Z" }),
    /warm start .*falls asleep in 12.min/,
  );
  match(textOf({ phase: "failed", cause: { reason: "OOMKilled", message: "m" } }), /could not start: OOMKilled/);
  const lastStart = {
    ...{ at: "2026-01-01T12:00:00Z", outcome: "under way" } as const,
    steps: [{ step: "scheduling", seconds: 2 } as const],
  };
  match(textOf({ phase: "starting", lastStart }), /Its start is at: Find a node with room/);
});

Deno.test("the last start is a table of its steps, with bars that say their times", () => {
  const html = htmlOf({
    lastStart: {
      ...{ at: "2026-01-01T11:55:00Z", start: "cold", outcome: "failed" },
      steps: [{ step: "no pod", seconds: 0.5 }, { step: "creating container", seconds: 1.5 }],
    },
  });
  const text = html.replaceAll(/<[^>]*>/g, " ").replaceAll(/\s+/g, " ");
  match(text, /Cold start: failed after 2 s , began 5 min ago , with a new pod/);
  match(text, /Ask Kubernetes for a pod 500 ms Create the container 1.5 s failed here/);
  deepEqual([...html.matchAll(/role="img" aria-label="([^"]*)"/g)].map(([, label]) => label), [
    "from 0 s to 500 ms",
    "from 500 ms to 2 s",
  ]);
  match(textOf(), /has seen no start of this view/);
});

Deno.test("a failure tells its reason, what to do, whom to ask, and its log", () => {
  const html = htmlOf(
    { phase: "failed", cause: { reason: "OOMKilled", message: "killed" }, logLines: ["a <b>", "last"] },
    { advice: "Read less.", contact: { text: "data team", url: "mailto:data@example.com" } },
  );
  match(html, /What to do:<\/b> Read less\..*<a href="mailto:data@example.com">/s);
  match(html, /<pre class="log" tabindex="0" role="region" aria-labelledby="log">a &lt;b>\nlast<\/pre>/);
});

Deno.test("what the running pod does not have yet is told with what to do", () => {
  const restartNeeded: ViewResource["restartNeeded"] = ["subsets", "template"];
  match(
    textOf({ phase: "awake", restartNeeded }),
    /Restart needed\. Its subsets and template have changed .*Press Restart/,
  );
  const may = { see: true, open: true, change: false, delete: false };
  match(textOf({ phase: "awake", restartNeeded }, { may }), /Ask its owner, oidc:alice/);
});

Deno.test("who may open the view is said in words", () => {
  const access = { users: ["oidc:dora"], groups: ["sales"], everyone: true };
  match(textOf({ access }), /Everybody who is signed in .*owner, oidc:alice .*User oidc:dora .*Group sales/);
  match(textOf({ public: true }, { isPublic: true }), /Everybody , without signing in/);
  match(textOf({ public: true }), /this gateway does not allow public views/);
});

Deno.test("64 subsets scroll in themselves, and few do not", () => {
  const subsets = Array.from({ length: 64 }, (_, i) => ({ bucket: "lake", prefix: `part-${i}/` }));
  match(
    htmlOf({ subsets }),
    /Its 64 subsets.*<div class="scroll" tabindex="0" role="group" aria-label="The subsets">/s,
  );
  const few = htmlOf({ subsets: [{ bucket: "lake", access: "readwrite" }] });
  match(few, /<div class="scroll"><table/);
  match(few, /the whole bucket.*reads and writes/s);
  match(textOf(), /It has none: it gets no data of the lake/);
});

Deno.test("times in force say whether they are the view's own", () => {
  const text = textOf({ idleSeconds: 900, credentialsEndAt: "2026-01-01T12:30:00Z" });
  match(text, /Idle time 15 minutes of its own Longest life 1 day the gateway's default/);
  match(text, /Credentials end in 30 min 1 Jan 2026, 12:30 UTC/);
});

Deno.test("somebody who may only open the view gets its address and how to wake it", () => {
  const { subsets: _, owner: __, effective: ___, ...little } = detailsPage("sales").view;
  const may = { see: false, open: true, change: false, delete: false };
  const html = renderToString(<Console page={{ ...detailsPage("sales"), view: little, may }} />);
  match(html, /href="http:\/\/sales\.localhost:8080\/".*>Open<.*>Wake</s);
  equal([...html.matchAll(/<h2/g)].length, 0);
  ok(!/Sleep|Delete|curl/.test(html));
});

Deno.test("an action that changes nothing in this phase stays in its place", () => {
  const html = htmlOf({ phase: "awake" });
  match(html, /<button[^>]*aria-disabled="true"[^>]*>Wake</);
  match(html, /<button[^>]*aria-disabled="false"[^>]*>Sleep</);
});
