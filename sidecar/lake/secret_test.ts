import { deepEqual, equal } from "node:assert/strict";
import { Buffer } from "node:buffer";
import { readSecret, type SecretContent, secretOf } from "./secret.ts";
import { SessionCredentials } from "./session_credentials.ts";

const owner = { name: "hello", uid: "service-1", required: { team: "sales" } };
const keys = { accessKeyId: "id", secretAccessKey: "secret+/=", sessionToken: "token" };
const credentials = new SessionCredentials(
  keys,
  Date.parse("2026-01-01T00:00:00Z"),
  Date.parse("2026-01-01T01:00:00Z"),
);

/** As the API server gives it back: what was text is base64. */
function stored(content: SecretContent) {
  const { metadata, stringData = {} } = secretOf(owner, content, "[default]\n");
  const data = Object.entries(stringData).map(([key, text]) => [key, Buffer.from(text).toString("base64")]);
  return {
    metadata: {
      uid: "secret-1",
      resourceVersion: "1",
      annotations: metadata!.annotations!,
      ownerReferences: metadata!.ownerReferences!,
    },
    data: Object.fromEntries(data) as Record<string, string>,
  };
}

Deno.test("what is written is read again", () => {
  const failure = { claim: "x", cause: { reason: "AccessDenied", message: 'no "way"' } };
  const read = readSecret(stored({ claim: "y", failure, credentials, madeFor: "these" }));
  deepEqual([read.claim, read.failure, read.madeFor], ["y", failure, "these"]);
  deepEqual([read.credentials?.keys, read.credentials?.madeAt, read.credentials?.endAt], [
    keys,
    credentials.madeAt,
    credentials.endAt,
  ]);
  deepEqual(read.owner, { name: "hello", uid: "service-1" });
});

Deno.test("a Secret is the view's: with its labels, and gone with its Service", () => {
  const { metadata } = secretOf(owner, {}, "");
  equal(metadata?.labels?.["view.yolean.se/name"], "hello");
  equal(metadata?.labels?.team, "sales");
  deepEqual(metadata?.ownerReferences?.map(({ kind, uid, controller }) => [kind, uid, controller]), [
    ["Service", "service-1", true],
  ]);
});

Deno.test("a claim alone holds no credentials", () => {
  const read = readSecret(stored({ claim: "x" }));
  deepEqual([read.claim, read.credentials, read.failure], ["x", undefined, undefined]);
});

Deno.test("what somebody has spoilt counts as missing, one by one", () => {
  const spoil = (change: (secret: ReturnType<typeof stored>) => void) => {
    const secret = stored({ failure: { claim: "x", cause: { reason: "a", message: "b" } }, credentials });
    change(secret);
    return readSecret(secret);
  };
  equal(spoil(({ data }) => delete data.AWS_SESSION_TOKEN).credentials, undefined);
  equal(spoil(({ data }) => data.AWS_ACCESS_KEY_ID = "").credentials, undefined);
  const times = ["view.yolean.se/credentials-made-at", "view.yolean.se/credentials-end-at"];
  for (const time of times) {
    equal(spoil(({ metadata }) => metadata.annotations[time] = "soon").credentials, undefined, time);
  }
  for (const text of ["", "{", "null", "{}", '{"claim":"x"}']) {
    const read = spoil(({ metadata }) => metadata.annotations["view.yolean.se/credentials-failure"] = text);
    deepEqual([read.failure, read.credentials?.keys], [undefined, keys], text);
  }
});
