import { createHash, randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { theGateway } from "../../gateway.ts";

test("a POST of 5 MB can be the first request, and arrives once and whole", async () => {
  const gateway = await theGateway();
  await using view = await gateway.create("post");
  const body = randomBytes(5_000_000);

  const answer = await view.ask({ method: "POST", path: "/echo", body });

  expect(answer.status, answer.text).toBe(200);
  expect(answer.json()).toEqual({
    length: body.length,
    sha256: createHash("sha256").update(body).digest("hex"),
  });
  expect((await view.whoami()).requests).toMatchObject({ POST: 1 });
});
