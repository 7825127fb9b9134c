import { expect, test } from "vitest";
import { theGateway } from "../../gateway/gateway.ts";
import { sendRaw } from "../../client/raw_http.ts";

test("a client that offers an Upgrade other than websocket is served without it, and cannot send requests for others", async () => {
  const gateway = await theGateway();
  await using view = await gateway.create("offers");
  const answer = await sendRaw(
    gateway.origin,
    `GET /whoami HTTP/1.1\r\nHost: ${view.host}\r\nConnection: Upgrade, close\r\nUpgrade: TLS/1.2\r\n` +
      view.proof.lines +
      "X-Forwarded-Host: bank.example\r\nX_Forwarded_For: 203.0.113.7\r\nForwarded: for=203.0.113.7\r\n\r\n",
  );
  expect(answer).toMatch(/^HTTP\/1\.1 200 /);
  const { headers } = JSON.parse(answer.slice(answer.indexOf("{"), answer.lastIndexOf("}") + 1));
  const seen = Object.keys(headers).map((name) => name.toLowerCase());
  for (const name of ["upgrade", "x-forwarded-host", "x_forwarded_for", "forwarded"]) expect(seen).not.toContain(name);
  expect(seen).toContain("x-forwarded-for");
});
