import { expect, test } from "vitest";
import { theGateway } from "../../gateway/gateway.ts";

test("clients cannot set the gateway's internal headers", async () => {
  const gateway = await theGateway();
  await using view = await gateway.create("headers");
  const headers = {
    "x-gate-pass": "1000",
    "x-gate-unavailable": "guessed",
    "x-envoy-retry-on": "5xx",
  };

  // Neither the request that wakes the view …
  const first = await view.ask({ path: "/whoami", headers });
  expect(first.status, first.text).toBe(200);

  // … nor a later one is refused, and the view sees none of them as the client has sent it.
  const later = await view.ask({ path: "/whoami", headers });
  expect(later.status, later.text).toBe(200);
  for (const answer of [first, later]) {
    expect(answer.headers["x-gate-unavailable"]).toBeUndefined();
    const seen = answer.json().headers;
    expect(seen["X-Gate-Pass"] ?? []).not.toContain("1000");
    expect(seen["X-Gate-Unavailable"]).toBeUndefined();
    expect(seen["X-Envoy-Retry-On"]).toBeUndefined();
  }
});
