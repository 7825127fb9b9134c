import { deepEqual, equal } from "node:assert/strict";
import type { LastStart } from "@view-gateway/types";
import type { ViewState } from "../view/state.ts";
import { believing, rightsWith } from "./testing/people.ts";
import { listIn, startApiWith, viewIn, viewNamed } from "./testing/views_api.ts";

const lastStart: LastStart = {
  at: "2026-01-01T00:00:00.400Z",
  start: "cold",
  outcome: "failed",
  steps: [{ step: "no pod", seconds: 0.064 }, { step: "waiting for readiness", seconds: 1 }],
};
const crashed: ViewState = {
  ...viewNamed("crashed", { kind: "failed", job: "job-1", cause: { reason: "Error", message: "exit code 1" } }),
  owner: "oidc:alice",
  spec: { subsets: [], access: { users: ["oidc:bob"] } },
  failedLog: "\x1b[31mTraceback\x1b[0m\n  no such bucket\n\n",
};
const quiet: ViewState = { ...viewNamed("quiet"), owner: "oidc:alice" };

/** Alice owns the views and Bob may open one of them. Others have rights by RBAC. */
const start = () =>
  startApiWith(
    {
      authenticator: believing,
      rights: rightsWith({ "oidc:reader": ["list", "get", "open"], "oidc:operator": ["get", "patch"] }),
      history: {
        lastStart: ({ name }) => name === "crashed" ? lastStart : undefined,
        lastRequestAt: ({ name }) => name === "crashed" ? Date.parse("2026-01-01T00:05:00.250Z") : undefined,
      },
    },
    crashed,
    quiet,
  );

Deno.test("only who may change a view gets the log lines of its failed start", async () => {
  const api = start();
  const linesFor = async (person: string) => viewIn(await api.send(person, "GET", "/_api/views/crashed")).logLines;
  const lines = ["Traceback", "  no such bucket"];
  deepEqual(await linesFor("oidc:alice"), lines);
  deepEqual(await linesFor("oidc:operator"), lines);
  equal(await linesFor("oidc:bob"), undefined);
  equal(await linesFor("oidc:reader"), undefined);
});

Deno.test("no other answer has log lines", async () => {
  const api = start();
  const answers = [
    await api.send("oidc:reader", "GET", "/_api/views"),
    await api.send("oidc:alice", "GET", "/_api/views"),
    await api.send("oidc:alice", "POST", "/_api/views/crashed/wake"),
    await api.send("oidc:alice", "POST", "/_api/views/crashed/restart"),
    await api.send("oidc:alice", "PATCH", "/_api/views/crashed", { idleSeconds: 90 }),
  ];
  for (const { body, status } of answers) {
    equal(status < 300, true);
    equal(/logLines|Traceback|no such bucket/.test(JSON.stringify(body)), false);
  }
});

Deno.test("a gateway that does not know whether somebody may change a view does not show them its log", async () => {
  const everything = rightsWith({ "oidc:carol": ["get"] });
  const api = startApiWith({
    authenticator: believing,
    rights: {
      may: (identity, verb, view, signal) =>
        verb === "patch"
          ? Promise.resolve({ kind: "unknown", detail: "The API server is away." })
          : everything.may(identity, verb, view, signal),
    },
  }, crashed);
  const view = viewIn(await api.send("oidc:carol", "GET", "/_api/views/crashed"));
  deepEqual([view.phase, view.logLines], ["failed", undefined]);
});

Deno.test("nobody is asked about the right to change a view that has no log", async () => {
  const rights = rightsWith({ "oidc:reader": ["get"] });
  const api = startApiWith({ authenticator: believing, rights }, quiet);
  viewIn(await api.send("oidc:reader", "GET", "/_api/views/quiet"));
  deepEqual(rights.asked, ["get quiet"]);
});

Deno.test("a view tells how it last started, and when it last had a request; a list tells only the latter", async () => {
  const api = start();
  const view = viewIn(await api.send("oidc:reader", "GET", "/_api/views/crashed"));
  deepEqual([view.lastStart, view.lastRequestAt], [lastStart, "2026-01-01T00:05:00.250Z"]);
  const [inList] = listIn(await api.send("oidc:reader", "GET", "/_api/views")).items;
  deepEqual([inList?.lastStart, inList?.lastRequestAt], [undefined, "2026-01-01T00:05:00.250Z"]);
});

Deno.test("what the gateway does not know is missing", async () => {
  const view = viewIn(await start().send("oidc:reader", "GET", "/_api/views/quiet"));
  deepEqual(["lastStart", "lastRequestAt", "logLines"].filter((member) => member in view), []);
});
