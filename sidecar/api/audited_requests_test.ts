import { deepEqual, equal } from "node:assert/strict";
import { audit } from "../telemetry/audit.ts";
import { keepLog } from "../testing/kept_log.ts";
import { believing, rightsWith } from "./testing/people.ts";
import { startApiWith, viewNamed } from "./testing/views_api.ts";

Deno.test("each action through the API is one line without a token or cookie, wherever the client sent them", async () => {
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
  await using log = await keepLog();
  for (const who of ["oidc:alice", "oidc:mallory", "refused", "unknown", undefined]) {
    const send = async (method: string, path: string, body?: object) => {
      // The API has no such parameter, so it does nothing and says nothing of it.
      await api.send(who, method, path + query, body, headers);
      await api.send(who, method, path, body, headers);
    };
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
  const lines = log.lines();
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
