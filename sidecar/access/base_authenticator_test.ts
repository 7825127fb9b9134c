import { deepEqual } from "node:assert/strict";
import { BaseAuthenticator } from "./base_authenticator.ts";
import type { Bearer } from "./bearer_tokens.ts";
import { ALICE, NO_KEYS, PRESENT, ROBOT, sessionsOf, tokensOf } from "./testing/people.ts";

const COOKIE = { cookie: "good" };

async function authenticated(headers: Record<string, string>, bearer: Bearer = { kind: "none" }) {
  const tokens = tokensOf({ "Bearer a": bearer });
  const sessions = sessionsOf({ good: {}, keyless: NO_KEYS, "": NO_KEYS });
  const authenticator = new BaseAuthenticator({ tokens, sessions });
  return await authenticator.authenticate(new Headers(headers), new AbortController().signal);
}

const TOKEN = { authorization: "Bearer a" };

Deno.test("a token gives the user of the request, and its end", async () => {
  const known: Bearer = { kind: "known", identity: ROBOT, until: PRESENT };
  deepEqual(await authenticated({ ...TOKEN, ...COOKIE }, known), {
    kind: "known",
    identity: ROBOT,
    by: "token",
    until: PRESENT,
  });
});

Deno.test("without a token for the gateway, the session gives the user", async () => {
  const alice = { kind: "known", identity: ALICE, by: "session" };
  deepEqual(await authenticated(COOKIE), alice);
  deepEqual(await authenticated({ ...TOKEN, ...COOKIE }, { kind: "foreign" }), alice);
});

Deno.test("a token that is not good is refused, with a session or without", async () => {
  const refused: Bearer = { kind: "refused", detail: "The token has expired." };
  deepEqual(await authenticated({ ...TOKEN, ...COOKIE }, refused), refused);
  const unknown: Bearer = { kind: "unknown", detail: "The API server cannot be reached." };
  deepEqual(await authenticated({ ...TOKEN, ...COOKIE }, unknown), unknown);
  deepEqual((await authenticated(TOKEN, { kind: "foreign" })).kind, "refused");
});

Deno.test("a request without a proof is anonymous, and one whose cookie cannot be read is unknown", async () => {
  deepEqual(await authenticated({}), { kind: "nobody" });
  deepEqual(await authenticated({ cookie: "bad" }), { kind: "nobody" });
  deepEqual((await authenticated({ cookie: "keyless" })).kind, "unknown");
});
