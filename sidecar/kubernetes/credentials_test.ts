import { deepEqual, equal, rejects } from "node:assert/strict";
import { KubeConfig } from "@kubernetes/client-node";
import { join } from "node:path";
import { credentialsOf } from "./credentials.ts";

function kubeConfig(cluster: object, user: object = {}): KubeConfig {
  const config = new KubeConfig();
  config.loadFromClusterAndUser(
    { name: "test", server: "https://127.0.0.1:6443/", skipTLSVerify: false, ...cluster },
    { name: "test", ...user },
  );
  return config;
}

Deno.test("a token, a password or a certificate authenticates", async () => {
  const token = await credentialsOf(kubeConfig({ caData: btoa("CA") }, { token: "secret" }));
  deepEqual([token.server, token.headers, token.tls], [
    "https://127.0.0.1:6443",
    { Authorization: "Bearer secret" },
    { caCerts: ["CA"] },
  ]);
  const password = await credentialsOf(kubeConfig({}, { username: "me", password: "secret" }));
  deepEqual(password.headers, { Authorization: `Basic ${btoa("me:secret")}` });
  const certificate = await credentialsOf(kubeConfig({}, { certData: btoa("CERT"), keyData: btoa("KEY") }));
  deepEqual(certificate.tls.certificate, { cert: "CERT", key: "KEY" });
});

Deno.test("files are read again, as tokens rotate", async () => {
  const directory = await Deno.makeTempDir({ prefix: "credentials-" });
  const caFile = join(directory, "ca.crt");
  await Deno.writeTextFile(caFile, "first");
  const config = kubeConfig({ caFile });
  deepEqual((await credentialsOf(config)).tls.caCerts, ["first"]);
  await Deno.writeTextFile(caFile, "second");
  deepEqual((await credentialsOf(config)).tls.caCerts, ["second"]);
  await Deno.remove(directory, { recursive: true });
});

Deno.test("unsupported settings are refused with advice", async () => {
  await rejects(credentialsOf(kubeConfig({ skipTLSVerify: true })), /give its certificate-authority instead/);
  await rejects(credentialsOf(kubeConfig({ tlsServerName: "other" })), /name the server as its certificate does/);
  const plain = kubeConfig({ server: "http://127.0.0.1:8080", skipTLSVerify: true });
  equal((await credentialsOf(plain)).server, "http://127.0.0.1:8080");
});

Deno.test("a context without a cluster is an error with its name", async () => {
  const config = kubeConfig({});
  config.setCurrentContext("elsewhere");
  await rejects(credentialsOf(config), /context "elsewhere" names no cluster/);
});
