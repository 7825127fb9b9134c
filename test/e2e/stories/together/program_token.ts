import { expect, test } from "vitest";
import { ask } from "../../client/http.ts";
import { theSignInGateway, uniqueName } from "../../gateway/gateway.ts";

test("where people sign in, a program uses a token of its service account, and nobody without one gets in", async () => {
  const gateway = await theSignInGateway();
  const request = {
    method: "POST",
    path: "/_api/views",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ name: uniqueName("program"), subsets: [] }),
  } as const;
  expect((await ask(gateway.origin, gateway.baseHost, request)).status).toBe(401);
  await using view = await gateway.create("program");

  expect((await ask(gateway.origin, view.host, { path: "/whoami" })).status).toBe(401);
  const { headers } = await view.whoami();
  expect(headers["X-Forwarded-User"]).toEqual([`system:serviceaccount:${gateway.viewsNamespace}:demo`]);
  expect(JSON.stringify(headers)).not.toMatch(/Bearer|__Host-/);
});
