import { deepEqual, equal } from "node:assert/strict";
import { configure, type LogRecord, reset } from "@logtape/logtape";
import { jsonLine } from "../logging.ts";
import type { AuditEntry } from "../access/audit_entry.ts";
import { audit, OpenedAudit } from "./audit.ts";

/** The lines that an action writes. */
async function linesOf(act: () => void): Promise<readonly string[]> {
  const records: LogRecord[] = [];
  await configure({
    sinks: { kept: (record) => void records.push(record) },
    loggers: [
      { category: ["view-gateway"], lowestLevel: "debug", sinks: ["kept"] },
      { category: ["logtape", "meta"], lowestLevel: "warning" },
    ],
    reset: true,
  });
  try {
    act();
  } finally {
    await reset();
  }
  return records.map(jsonLine);
}

const opened = (user: string, view: string) => ({ user, view, by: "oidc", reason: "access" });

Deno.test("an entry is one line of JSON, with its members and nothing that it does not have", async () => {
  const lines = await linesOf(() => audit({ action: "created", user: "oidc:alice", view: "sales", by: "token" }));
  equal(lines.length, 1);
  const { logger, properties } = JSON.parse(lines[0]!);
  equal(logger, "view-gateway.audit");
  deepEqual(properties, { action: "created", user: "oidc:alice", view: "sales", by: "token" });
});

Deno.test("a name with line breaks, braces or markup stays within its member", async () => {
  const user = 'a\n{"action":"deleted"} {view} \u001b[2J';
  const lines = await linesOf(() => audit({ action: "denied", user }));
  equal(lines.length, 1);
  equal(lines[0]!.trimEnd().includes("\n"), false);
  deepEqual(JSON.parse(lines[0]!).properties, { action: "denied", user });
});

Deno.test("no other member of an object is written, such as a token or a cookie", async () => {
  const more = { token: "secret-1", cookie: "secret-2", identity: { user: "secret-3" }, headers: ["secret-4"] };
  const entry: AuditEntry = { action: "opened", user: "oidc:alice", ...more };
  const lines = await linesOf(() => audit(entry));
  equal(lines.join().includes("secret"), false);
});

Deno.test("a view that a session opens is one line, however often it is opened", () => {
  const written: AuditEntry[] = [];
  const opens = new OpenedAudit((entry) => written.push(entry));
  for (let i = 0; i < 3; i++) opens.opened(opened("alice", "sales"), "1");
  opens.opened(opened("alice", "stock"), "1");
  opens.opened(opened("alice", "sales"), "2");
  opens.opened(opened("bob", "sales"), "1");
  deepEqual(written.map(({ action, user, view }) => [action, user, view]), [
    ["opened", "alice", "sales"],
    ["opened", "alice", "stock"],
    ["opened", "alice", "sales"],
    ["opened", "bob", "sales"],
  ]);
});

Deno.test("the memory of what was opened is bounded; who was forgotten is a line again, who comes often is not", () => {
  const written: string[] = [];
  const opens = new OpenedAudit(({ view }) => written.push(view ?? ""), 2);
  for (const view of ["a", "b", "a", "c", "a", "b"]) opens.opened(opened("alice", view), "1");
  deepEqual(written, ["a", "b", "c", "b"]);
});
