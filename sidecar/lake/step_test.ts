import { deepEqual } from "node:assert/strict";
import type { StandingSecret } from "./secret.ts";
import { SessionCredentials } from "./session_credentials.ts";
import { type CredentialsNeed, stepOf } from "./step.ts";

const credentials = new SessionCredentials({ accessKeyId: "a", secretAccessKey: "b", sessionToken: "c" }, 0, 3_600_000);
const cause = { reason: "AccessDenied", message: "no" };

const secret = (change: Partial<StandingSecret> = {}): StandingSecret => ({
  metadata: { uid: "secret-1", resourceVersion: "1" },
  owner: { name: "hello", uid: "service-1" },
  claim: undefined,
  failure: undefined,
  credentials: undefined,
  madeFor: undefined,
  ...change,
});
const need = (change: Partial<CredentialsNeed> = {}): CredentialsNeed => ({
  name: "hello",
  uid: "service-1",
  madeFor: "these subsets",
  enough: () => true,
  waited: undefined,
  ...change,
});
const kind = (found: StandingSecret | undefined, change: Partial<CredentialsNeed> = {}) =>
  stepOf(found, need(change)).kind;

Deno.test("of all gateways one creates the Secret, or claims a version of it; the others wait for that one", () => {
  const steps = [undefined, secret(), secret({ claim: "x" })].map((found) => kind(found));
  deepEqual(steps, ["create", "claim", "wait"]);
});

Deno.test("credentials are used only where they were made for the same, and last long enough", () => {
  const good = secret({ credentials, madeFor: "these subsets" });
  deepEqual(stepOf(good, need()), { kind: "use", credentials });
  deepEqual(kind(good, { enough: () => false }), "claim");
  deepEqual(kind(secret({ credentials, madeFor: "others" })), "claim");
});

Deno.test("good credentials are used while somebody makes the next", () => {
  deepEqual(kind(secret({ credentials, madeFor: "these subsets", claim: "x" })), "use");
});

Deno.test("a claim is taken over once it was waited for long enough, and not because of another one", () => {
  const claimed = secret({ claim: "x" });
  deepEqual(kind(claimed, { waited: { claim: "x", enough: false } }), "wait");
  deepEqual(kind(claimed, { waited: { claim: "x", enough: true } }), "claim");
  deepEqual(kind(claimed, { waited: { claim: "y", enough: true } }), "wait");
});

Deno.test("what was waited for and has failed is the answer; a failure from before is worth another try", () => {
  const failed = secret({ failure: { claim: "x", cause } });
  deepEqual(stepOf(failed, need({ waited: { claim: "x", enough: false } })), { kind: "fail", cause });
  deepEqual(kind(failed), "claim");
});

Deno.test("a Secret that is not the view's is left alone; a former view's goes", () => {
  deepEqual(kind(secret({ owner: undefined })), "fail");
  deepEqual(kind(secret({ owner: { name: "other", uid: "service-1" } })), "fail");
  deepEqual(stepOf(secret({ owner: { name: "hello", uid: "service-0" } }), need()), {
    kind: "delete",
    uid: "secret-1",
  });
});

Deno.test("a Secret that is being deleted is waited for, with the finalizers that keep it", () => {
  const metadata = { uid: "secret-1", resourceVersion: "1", deletionTimestamp: "2026-01-01T00:00:00Z" };
  const finalizers = ["example.test/keep", "foregroundDeletion"];
  deepEqual(stepOf(secret({ metadata: { ...metadata, finalizers } }), need()), {
    kind: "leaving",
    heldBy: ["example.test/keep"],
  });
});
