/**
 * Serves the console on loopback, with views that are made up: `deno run -A --no-check sidecar/api/console/testing/console_harness.ts
 * --port 8088`. What it serves is the gateway's own code; only Kubernetes is missing. A view that wakes is awake a moment
 * later.
 */
import { parseArgs } from "node:util";
import type { ApiOptions } from "../../api_options.ts";
import { madeUpLake } from "../../testing/made_up_lake.ts";
import { MADE_UP_TEMPLATES } from "../../testing/made_up_templates.ts";
import { MadeUpStarts } from "../../testing/made_up_starts.ts";
import { madeUpViews } from "../../testing/made_up_views.ts";
import { rightsWith } from "../../testing/people.ts";
import { startApiWith } from "../../testing/views_api.ts";

const { values } = parseArgs({
  options: {
    port: { type: "string", default: "8088" },
    /** Who has signed in; empty: nobody has to. */
    user: { type: "string", default: "oidc:alice" },
    /** How many views there are more. */
    more: { type: "string", default: "0" },
    /** Without the right to create views and to see those of others. */
    guest: { type: "boolean", default: false },
    contact: { type: "string", default: "the data team" },
    /** Without any view. */
    empty: { type: "boolean", default: false },
    /** Without a lake. */
    dry: { type: "boolean", default: false },
    /** Whether views may be public. */
    public: { type: "boolean", default: false },
  },
});

const identity = { user: values.user, email: "alice@example.com", groups: [] };
const options: Partial<ApiOptions> = {
  ...values.user !== "" &&
    { authenticator: { authenticate: () => Promise.resolve({ kind: "known", identity, by: "session" }) } },
  ...values.guest && { rights: rightsWith({}) },
  contact: { text: values.contact },
  templates: () => MADE_UP_TEMPLATES,
  now: () => Date.now(),
  publicViews: values.public,
  bodyLimitBytes: 1_000_000,
  ...!values.dry && { lake: { credentialsEndAt: () => Promise.resolve(Date.now() + 1_800_000) } },
  history: {
    lastStart: (view) => starts.lastStart(view),
    lastRequestAt: ({ phase }) => phase.kind === "awake" ? Date.now() - 95_000 : undefined,
  },
  start: (view) => {
    void starts.start(view);
    return Promise.resolve({ kind: "launched" });
  },
};
const starts = new MadeUpStarts((name, state) => put(name, state));
const { api, put } = startApiWith(options, ...values.empty ? [] : madeUpViews(Date.now(), Number(values.more)));
Deno.serve({ hostname: "127.0.0.1", port: Number(values.port) }, (request) => {
  const isLake = !values.dry && new URL(request.url).pathname === "/_api/lake";
  return isLake ? madeUpLake(request) : api.fetch(request);
});
