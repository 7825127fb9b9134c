import assert from "node:assert/strict";
import { parseProfile, readCredentials, same } from "./credentials.ts";

const file = `
# renewed while the view runs
[other]
aws_access_key_id = no
aws_secret_access_key = no
[default]
aws_access_key_id = AKIA
aws_secret_access_key=a/b+c=
aws_session_token = token==
`;
const credentials = { accessKeyId: "AKIA", secretAccessKey: "a/b+c=", sessionToken: "token==" };

Deno.test("a profile is read from a shared credentials file", () => {
  assert.deepEqual(parseProfile(file, "default"), credentials);
  assert.equal(parseProfile(file, "missing"), undefined);
});

Deno.test("the file goes before the environment, which never changes", async () => {
  const environment: Record<string, string> = { AWS_ACCESS_KEY_ID: "old", AWS_SECRET_ACCESS_KEY: "old" };
  const get = (name: string) => environment[name];
  assert.equal((await readCredentials(get))?.accessKeyId, "old");
  environment["AWS_SHARED_CREDENTIALS_FILE"] = "/credentials";
  const read = (path: string) => Promise.resolve(path === "/credentials" ? file : "");
  assert.deepEqual(await readCredentials(get, read), credentials);
  await assert.rejects(readCredentials(get, () => Promise.resolve("")), {
    message: "There are no credentials in /credentials",
  });
});

Deno.test("a view without credentials has none", async () => {
  assert.equal(await readCredentials(() => undefined), undefined);
});

Deno.test("renewed credentials are other ones", () => {
  assert.ok(same(credentials, { ...credentials }));
  assert.ok(!same(credentials, { ...credentials, sessionToken: "next" }));
});
