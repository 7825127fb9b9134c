import { expect, test } from "vitest";
import { theOtherGateway } from "../../gateway/gateway.ts";
import { ask } from "../../client/http.ts";
import { problemOf } from "../../client/problem.ts";

test("a gateway with another base host serves its views below that", async () => {
  const gateway = await theOtherGateway();
  expect(gateway.baseHost).not.toBe("localhost");
  await using view = await gateway.create("elsewhere");

  const known = await view.resource();
  expect(known.route).toMatchObject({
    hostname: `${view.name}.${gateway.baseHost}`,
  });
  expect(await view.whoami()).toMatchObject({ view: view.name });

  // What belongs to no host of its own is refused, also where it only looks so.
  for (
    const host of [
      `${view.name}.localhost`,
      `${view.name}${gateway.baseHost}`,
      `${view.host}.example`,
    ]
  ) {
    problemOf(await ask(gateway.origin, host), 404, "not-found");
  }
});
