import { deepEqual, equal } from "node:assert/strict";
import { BrowsingCredentials, browsingSession } from "./browsing_credentials.ts";
import { SessionCredentials } from "./session_credentials.ts";

const never = new AbortController().signal;

function start(limit = 10, life = 900_000) {
  let now = 0;
  const asked: string[] = [];
  const credentials = new BrowsingCredentials({
    assumeRole: (session, policy) => {
      asked.push(`${session} ${policy}`);
      return Promise.resolve(
        new SessionCredentials({ accessKeyId: "A", secretAccessKey: "B", sessionToken: "C" }, now, now + life),
      );
    },
    clock: () => now,
    signal: never,
    limit,
  });
  return { credentials, asked, pass: (milliseconds: number) => now += milliseconds };
}

Deno.test("STS is asked once for a person and a policy, and again after five minutes or a third of their life", async () => {
  const { credentials, asked, pass } = start();
  await Promise.all([credentials.of("ada", "P", never), credentials.of("ada", "P", never)]);
  await credentials.of("ada", "P", never);
  deepEqual(asked, ["browse.ada P"]);
  await credentials.of("bob", "P", never);
  await credentials.of("ada", "Q", never);
  equal(asked.length, 3);
  pass(300_000);
  await credentials.of("ada", "P", never);
  equal(asked.length, 4);
  const short = start(10, 90_000);
  await short.credentials.of("ada", "P", never);
  short.pass(30_000);
  await short.credentials.of("ada", "P", never);
  equal(short.asked.length, 2);
});

Deno.test("no more credentials are kept than the limit", async () => {
  const { credentials, asked } = start(2);
  for (const policy of ["P", "Q", "R", "R", "Q", "P"]) await credentials.of("ada", policy, never);
  deepEqual(asked.map((each) => each.at(-1)), ["P", "Q", "R", "P"]);
});

Deno.test("a session's name tells who browses, in the characters of STS, and is no view's", () => {
  equal(browsingSession("system:serviceaccount:views:ci"), "browse.system-serviceaccount-views-ci");
  equal(browsingSession("oidc:ada@example.com"), "browse.oidc-ada@example.com");
  equal(browsingSession("ü".repeat(100)).length, 64);
});
