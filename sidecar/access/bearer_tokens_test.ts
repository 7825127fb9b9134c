import { deepEqual, equal } from "node:assert/strict";
import type { TokenReviewed, Unreviewed } from "../kubernetes/review/reviews.ts";
import { BearerTokens } from "./bearer_tokens.ts";
import { ReviewCache } from "./review_cache.ts";
import { PRESENT, ROBOT } from "./testing/people.ts";
import { bearer, tokenWith } from "./testing/tokens.ts";

const AUTHENTICATED: TokenReviewed = { kind: "authenticated", user: ROBOT.user, groups: ROBOT.groups };

/** Tokens before a Kubernetes that gives this answer. */
function startTokens(answer: TokenReviewed | Unreviewed) {
  const signal = new AbortController().signal;
  const reviewed: unknown[] = [];
  const tokens = new BearerTokens({
    review: (...[token, audience]) => {
      reviewed.push([token, audience]);
      return Promise.resolve(answer);
    },
    cache: new ReviewCache({ isGood: () => true, onOutcome: () => {}, clock: () => 0, signal }),
    now: () => PRESENT * 1000,
  });
  return { reviewed, read: (authorization: string | null) => tokens.read(authorization, signal) };
}

Deno.test("a token for the gateway gives its user and its end, and Kubernetes is asked once", async () => {
  const { read, reviewed } = startTokens(AUTHENTICATED);
  const token = tokenWith({ aud: ["view-gateway"], exp: PRESENT + 60 });
  const known = { kind: "known", identity: ROBOT, until: PRESENT + 60 };
  deepEqual(await read(`Bearer ${token}`), known);
  deepEqual(await read(`bearer ${token}`), known);
  deepEqual(reviewed, [[token, "view-gateway"]]);
});

Deno.test("Kubernetes never sees a token that is not for the gateway, or that has expired", async () => {
  const { read, reviewed } = startTokens(AUTHENTICATED);
  deepEqual(await read(null), { kind: "none" });
  for (const other of ["Basic YTpi", "Bearer opaque", bearer(tokenWith({ aud: "other" })).authorization]) {
    deepEqual(await read(other), { kind: "foreign" }, other);
  }
  const expired = bearer(tokenWith({ aud: "view-gateway", exp: PRESENT })).authorization;
  deepEqual(await read(expired), { kind: "refused", detail: "The token has expired." });
  deepEqual(reviewed, []);
});

Deno.test("a remembered answer does not make a token good after its end", async () => {
  let now = PRESENT;
  const signal = new AbortController().signal;
  const cache = new ReviewCache<TokenReviewed>({ isGood: () => true, onOutcome: () => {}, clock: () => 0, signal });
  const tokens = new BearerTokens({ review: () => Promise.resolve(AUTHENTICATED), cache, now: () => now * 1000 });
  const { authorization } = bearer(tokenWith({ aud: "view-gateway", exp: PRESENT + 1 }));
  equal((await tokens.read(authorization, signal)).kind, "known");
  now += 1;
  equal((await tokens.read(authorization, signal)).kind, "refused");
});

Deno.test("a token that Kubernetes refuses is refused in its words, and one that it cannot judge is unknown", async () => {
  const { authorization } = bearer(tokenWith({ aud: "view-gateway" }));
  deepEqual(await startTokens({ kind: "refused", message: "invalidated" }).read(authorization), {
    kind: "refused",
    detail: "Kubernetes does not accept the token: invalidated",
  });
  const away: Unreviewed = { kind: "unknown", detail: "It is away.", message: "10.0.0.1 refuses" };
  deepEqual(await startTokens(away).read(authorization), { kind: "unknown", detail: "It is away." });
});

Deno.test("a group with a comma is left out, and a user whose name no header can hold is refused", async () => {
  const { authorization } = bearer(tokenWith({ aud: "view-gateway" }));
  const readAs = (user: string, groups: readonly string[]) =>
    startTokens({ kind: "authenticated", user, groups }).read(authorization);
  deepEqual(await readAs("eve", ["staff", "x,system:masters", "a\nb"]), {
    kind: "known",
    identity: { user: "eve", groups: ["staff"] },
    until: undefined,
  });
  equal((await readAs("eve\nx-forwarded-user: root", [])).kind, "refused");
});
