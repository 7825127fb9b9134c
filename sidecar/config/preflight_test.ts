import { deepEqual, match } from "node:assert/strict";
import { KubeConfig } from "@kubernetes/client-node";
import { join } from "node:path";
import { Authority } from "../tls/testing/authority.ts";
import { MountedSecret } from "../tls/testing/mounted_secret.ts";
import { preflightProblems } from "./preflight.ts";

const LAKE = { lakeRoleArn: "arn:aws:iam::123456789012:role/lake" };
const KEYS: Readonly<Record<string, string>> = { AWS_ACCESS_KEY_ID: "a", AWS_SECRET_ACCESS_KEY: "b" };

function cluster(more: { readonly caFile?: string; readonly skipTLSVerify?: boolean } = {}) {
  const config = new KubeConfig();
  config.loadFromClusterAndUser({ name: "test", server: "https://127.0.0.1:1", skipTLSVerify: false, ...more }, {
    name: "test",
  });
  return () => config;
}

const nothing = () => undefined;

Deno.test("a sidecar that finds all it needs has no problem", async () => {
  const directory = await Deno.makeTempDir({ prefix: "preflight-" });
  const known = { socketDirectory: directory, ...LAKE };
  deepEqual(await preflightProblems(known, (name) => KEYS[name], cluster()), []);
  await Deno.remove(directory, { recursive: true });
});

Deno.test("everything that is missing is reported at once, each with its variable", async () => {
  const directory = await Deno.makeTempDir({ prefix: "preflight-" });
  const known = { socketDirectory: join(directory, "sockets"), ...LAKE };
  const problems = await preflightProblems(known, nothing, cluster({ caFile: join(directory, "ca.crt") }));
  const wanted = [
    /^SOCKET_DIRECTORY must be a directory to write to, but is ".*\/sockets": No such file/,
    /^Kubernetes cannot be used: .*ca\.crt/,
    /^The gateway has no AWS credentials of its own: set AWS_ACCESS_KEY_ID/,
  ];
  deepEqual(problems.length, wanted.length, problems.join("\n"));
  wanted.forEach((pattern, i) => match(problems[i]!, pattern));
  await Deno.remove(directory, { recursive: true });
});

Deno.test("a token's file that cannot be read is named, and its content is not", async () => {
  const webIdentity: Readonly<Record<string, string>> = {
    AWS_WEB_IDENTITY_TOKEN_FILE: "/nowhere/token",
    AWS_ROLE_ARN: "arn:aws:iam::123456789012:role/gateway",
  };
  deepEqual(await preflightProblems(LAKE, (name) => webIdentity[name], cluster()), [
    'AWS_WEB_IDENTITY_TOKEN_FILE must be a file to read, but is "/nowhere/token": NotFound',
  ]);
});

Deno.test("half a pair of keys is none", async () => {
  const half = (name: string) => name === "AWS_ACCESS_KEY_ID" ? "a" : undefined;
  match((await preflightProblems(LAKE, half, cluster())).join(), /^The gateway has no AWS credentials/);
  deepEqual(await preflightProblems({}, half, cluster()), [], "without a lake none are needed");
});

Deno.test("what is wrong in the configuration itself leaves out only what depends on it", async () => {
  deepEqual(await preflightProblems({}, nothing, cluster({ skipTLSVerify: true })), [
    "Kubernetes cannot be used: The kubeconfig sets insecure-skip-tls-verify for https://127.0.0.1:1: give its certificate-authority instead.",
  ]);
});

Deno.test("a client's secret that cannot be read, or is empty, is named by its variable", async () => {
  const directory = await Deno.makeTempDir({ prefix: "preflight-" });
  const file = join(directory, "client-secret");
  const of = (authentication: "oidc" | "kubernetes") =>
    preflightProblems({ authentication, oidcClientSecretFile: file }, nothing, cluster());
  const begin = `OIDC_CLIENT_SECRET_FILE must be a file with the client's secret, but is "${file}": `;
  deepEqual(await of("oidc"), [`${begin}NotFound`]);
  deepEqual(await of("kubernetes"), []);
  await Deno.writeTextFile(file, "\n");
  deepEqual(await of("oidc"), [`${begin}the file is empty`]);
  await Deno.writeTextFile(file, "secret\n");
  deepEqual(await of("oidc"), []);
  await Deno.remove(directory, { recursive: true });
});

Deno.test("each problem of the certificate is reported with its variable", async () => {
  const authority = await Authority.make();
  const [pair, other] = [await authority.issue({ names: ["views.test"] }), await authority.issue()];
  await using secret = await MountedSecret.mount({ ...pair, key: other.key });
  const known = { tlsDirectory: secret.directory, baseHost: "views.test", http3: true };
  const about = `TLS_DIRECTORY must have a certificate to use, but is "${secret.directory}": `;
  deepEqual(await preflightProblems(known, nothing, cluster()), [
    `${about}tls.key is not the key of the first certificate in tls.crt`,
    `${about}tls.crt is not for *.views.test, but for views.test`,
  ]);
  await secret.renew(other);
  deepEqual(await preflightProblems(known, nothing, cluster()), []);
  const later = () => Date.now() + 10 * 365 * 86_400_000;
  match((await preflightProblems(known, nothing, cluster(), later)).join(), /: tls\.crt has expired on [-0-9T:.]+Z$/);
  deepEqual(await preflightProblems({ ...known, tlsDirectory: "" }, nothing, cluster()), []);
});
