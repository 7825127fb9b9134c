import { createHash, randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { theGateway } from "../../gateway/gateway.ts";

test.each([
  { bytes: 5_000_000, name: "post-whole", how: "is read whole while its request is held" },
  { bytes: 50_000_000, name: "post-in-part", how: "is read in part" },
])("a POST of $bytes bytes, which $how, can be the first request, and arrives once and whole", async (upload) => {
  const gateway = await theGateway();
  await using view = await gateway.create(upload.name);
  const body = randomBytes(upload.bytes);

  const answer = await view.ask({ method: "POST", path: "/echo", body });

  expect(answer.status, answer.text).toBe(200);
  expect(answer.json()).toEqual({
    length: body.length,
    sha256: createHash("sha256").update(body).digest("hex"),
  });
  expect((await view.whoami()).requests).toMatchObject({ POST: 1 });
});
