import { deepEqual, equal } from "node:assert/strict";
import { configure, type LogRecord, reset } from "@logtape/logtape";
import { jsonLine } from "../logging.ts";
import { audit } from "../telemetry/audit.ts";
import { believing, rightsWith } from "./testing/people.ts";
import { startApiWith, viewNamed } from "./testing/views_api.ts";

/** All lines of the log while something is done. */
async function linesOf(act: () => Promise<void>): Promise<readonly string[]> {
  const records: LogRecord[] = [];
  await configure({
    sinks: { kept: (record) => void records.push(record) },
    loggers: [
      { category: [], lowestLevel: "trace", sinks: ["kept"] },
      { category: ["logtape", "meta"], lowestLevel: "warning" },
    ],
    reset: true,
  });
  try {
    await act();
  } finally {
    await reset();
  }
  return records.map(jsonLine);
}

Deno.test("what is done through the API is one line each, in which no token and no cookie is, wherever it was sent", async () => {
  const rights = rightsWith({ "oidc:alice": ["get", "create", "patch", "delete"] });
  const api = startApiWith({ authenticator: believing, rights, audit }, { ...viewNamed("hello"), owner: "oidc:alice" });
  const secret = "eyJhbGciOiJSUzI1NiJ9.secret";
  const headers = {
    authorization: `Bearer ${secret}`,
    cookie: `__Host-session=${secret}; __Host-view=${secret}`,
    referer: `http://localhost/?token=${secret}`,
    "user-agent": secret,
    "x-forwarded-user": secret,
  };
  const query = `?token=${secret}`;
  const lines = await linesOf(async () => {
    for (const who of ["oidc:alice", "oidc:mallory", "refused", "unknown", undefined]) {
      const send = (method: string, path: string, body?: object) => api.send(who, method, path + query, body, headers);
      await send("POST", "/_api/views", { name: "new", subsets: [], [secret]: secret });
      await send("POST", "/_api/views", { name: "new", subsets: [] });
      await send("GET", "/_api/views/hello");
      await send("PATCH", "/_api/views/hello", { idleSeconds: 90, [secret]: secret });
      await send("PATCH", "/_api/views/hello", { idleSeconds: 90 });
      await send("POST", "/_api/views/hello/restart");
      await send("DELETE", `/_api/views/${secret}`);
      await send("DELETE", "/_api/views/hello");
      await send("GET", "/_api/views");
      api.byName.set("hello", { ...viewNamed("hello"), owner: "oidc:alice" });
    }
  });
  const entries = lines.map((line) => JSON.parse(line)).filter(({ logger }) => logger === "view-gateway.audit");
  deepEqual(
    entries.filter(({ properties: { user } }) => user === "oidc:alice").map(({ properties: { action } }) => action),
    ["created", "changed", "changed", "deleted"],
  );
  equal(entries.filter(({ properties: { user } }) => user === "oidc:mallory").length, 7);
  for (const { properties } of entries) {
    deepEqual(Object.keys(properties).filter((member) => !/^(action|user|view|verb|by|reason)$/.test(member)), []);
  }
  deepEqual(lines.filter((line) => line.includes("secret")), []);
});
