import { expect, test } from "vitest";
import { theGateway, uniqueName } from "../../gateway/gateway.ts";
import { ask } from "../../client/http.ts";
import { problemOf } from "../../client/problem.ts";
import { Proof } from "../../client/proof.ts";

test("a name that no view has is answered 404 at once", async () => {
  const gateway = await theGateway();
  const host = gateway.hostOf(uniqueName("nobody"));

  const started = performance.now();
  const answer = await ask(gateway.origin, host, { headers: new Proof(gateway.token).headers });

  expect(problemOf(answer, 404, "unknown-view").detail).toContain(host);
  expect(performance.now() - started).toBeLessThan(3_000);
});
