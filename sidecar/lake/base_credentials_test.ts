import { deepEqual, equal, match, ok } from "node:assert/strict";
import { baseCredentials } from "./base_credentials.ts";

const settings = { region: "us-east-1", stsEndpoint: "http://127.0.0.1:9" };
const from = (environment: Record<string, string>, more = {}) =>
  baseCredentials({ ...settings, ...more }, (name) => environment[name])();

async function withFile<T>(text: string, use: (path: string) => Promise<T>): Promise<T> {
  const path = await Deno.makeTempFile();
  try {
    await Deno.writeTextFile(path, text);
    return await use(path);
  } finally {
    await Deno.remove(path);
  }
}

Deno.test("keys in the environment come first", async () => {
  deepEqual(
    await from({ AWS_ACCESS_KEY_ID: "a", AWS_SECRET_ACCESS_KEY: "b", AWS_SESSION_TOKEN: "c", AWS_ROLE_ARN: "d" }),
    {
      accessKeyId: "a",
      secretAccessKey: "b",
      sessionToken: "c",
    },
  );
});

Deno.test("a service account's token is given to STS for the role's credentials", async () => {
  let asked = "";
  await using sts = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async (request) => {
    asked = await request.text();
    return new Response(
      `<AssumeRoleWithWebIdentityResponse><AssumeRoleWithWebIdentityResult><Credentials><AccessKeyId>a</AccessKeyId>
      <SecretAccessKey>b</SecretAccessKey><SessionToken>c</SessionToken><Expiration>2100-01-01T00:00:00Z</Expiration>
      </Credentials></AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>`,
      { headers: { "content-type": "text/xml" } },
    );
  });
  await withFile("a.b.c\n", async (file) => {
    const environment = { AWS_WEB_IDENTITY_TOKEN_FILE: file, AWS_ROLE_ARN: "arn:aws:iam::123456789012:role/gateway" };
    const keys = await from(environment, { stsEndpoint: `http://127.0.0.1:${sts.addr.port}` });
    deepEqual([keys.accessKeyId, keys.sessionToken, keys.expiration?.getUTCFullYear()], ["a", "c", 2100]);
    const parameters = new URLSearchParams(asked);
    deepEqual([parameters.get("WebIdentityToken"), parameters.get("RoleArn")], ["a.b.c", environment.AWS_ROLE_ARN]);
  });
});

Deno.test("an agent on the node is asked with the token that it wants", async () => {
  await using agent = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, (request) => {
    equal(request.headers.get("authorization"), "let me in");
    return Response.json({ AccessKeyId: "a", SecretAccessKey: "b", Token: "c", Expiration: "2100-01-01T00:00:00Z" });
  });
  await withFile("let me in\n", async (file) => {
    const keys = await from({
      AWS_CONTAINER_CREDENTIALS_FULL_URI: `http://127.0.0.1:${agent.addr.port}/v1/credentials`,
      AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: file,
    });
    equal(keys.secretAccessKey, "b");
  });
});

Deno.test("a failure is reported without what was read", async () => {
  match((await from({}).catch((error) => error)).message, /no AWS credentials of its own: set AWS_ACCESS_KEY_ID/);
  await using agent = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    () => new Response("hush-hush is not JSON"),
  );
  const error = await from({ AWS_CONTAINER_CREDENTIALS_FULL_URI: `http://127.0.0.1:${agent.addr.port}/` }).catch((e) =>
    e
  );
  match(error.message, /cannot get its own AWS credentials \(agent\): SyntaxError/);
  ok(!Deno.inspect(error).includes("hush"));
});
