import { equal } from "node:assert/strict";
import type { ViewResource } from "@view-gateway/types";
import { getCommand, patchCommand } from "./curl_commands.ts";

const view: ViewResource = {
  name: "sales",
  route: { hostname: "sales.localhost", url: "http://sales.localhost:8080/" },
  phase: "asleep",
  effective: { idleSeconds: 900, maxLifetimeSeconds: 86_400 },
  createdAt: "2026-01-01T00:00:00Z",
};
const origin = "http://localhost:8080";

Deno.test("where people sign in, a command sends the token of a variable", () => {
  equal(
    getCommand({ origin, view, tokenCommand: "kubectl create token NAME" }),
    `curl 'http://localhost:8080/_api/views/sales' \\\n  -H "Authorization: Bearer $TOKEN"`,
  );
  equal(getCommand({ origin, view }), "curl 'http://localhost:8080/_api/views/sales'");
});

Deno.test("the change names the version that the page shows", () => {
  equal(
    patchCommand({ origin, view, etag: '"42"' }),
    `curl -X PATCH 'http://localhost:8080/_api/views/sales' \\
  -H 'Content-Type: application/merge-patch+json' \\
  -H 'If-Match: "42"' \\
  -d '{"idleSeconds":900}'`,
  );
});

Deno.test("no text ends its quotes in the shell", () => {
  equal(getCommand({ origin: "http://a';rm b'", view }), `curl 'http://a'\\'';rm b'\\''/_api/views/sales'`);
});
