import { equal, notDeepEqual, rejects } from "node:assert/strict";
import { newRootKey, sessionKeyOf } from "./session_key.ts";

Deno.test("each purpose has a key of its own, which is the same at every gateway", async () => {
  const root = await newRootKey(1);
  const [one, two] = [await sessionKeyOf(root), await sessionKeyOf(root)];
  const texts = Object.values(one.secrets).map((secret) => secret.toBase64());
  equal(new Set(texts).size, 3);
  equal(Object.values(two.secrets).map((secret) => secret.toBase64()).join(), texts.join());
});

Deno.test("two new keys have nothing in common", async () => {
  const [one, two] = [await newRootKey(1), await newRootKey(1)];
  for (const member of ["id", "root", "view"] as const) notDeepEqual(one[member], two[member]);
});

Deno.test("the public key shows nothing of the private one", async () => {
  const root = await newRootKey(1);
  equal(JSON.stringify((await sessionKeyOf(root)).jwk).includes(root.view.d!), false);
});

Deno.test("a private key that does not belong to the public one is refused", async () => {
  const [one, two] = [await newRootKey(1), await newRootKey(1)];
  await rejects(sessionKeyOf({ ...one, view: { ...one.view, d: two.view.d! } }));
});
