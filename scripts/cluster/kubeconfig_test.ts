import { deepEqual, equal } from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { KubeConfig } from "@kubernetes/client-node";
import { certificates } from "./certificates.ts";
import { kubeconfig } from "./kubeconfig.ts";

Deno.test("a kubeconfig needs no other file", async () => {
  const { authority, admin } = await certificates(["127.0.0.1"]);
  const made = JSON.parse(kubeconfig("a", "https://127.0.0.1:1", { authority, client: admin }));
  equal(atob(made.clusters[0].cluster["certificate-authority-data"]), authority);
  equal(atob(made.users[0].user["client-key-data"]), admin.key);
  deepEqual(made.contexts[0].context, { cluster: "a", user: "a" });
});

Deno.test("the authority signs certificates, which name the user and the server's addresses", async () => {
  const { authority, server, admin } = await certificates(["127.0.0.1", "10.96.0.1"]);
  const [ca, serving, client] = [authority, server.certificate, admin.certificate].map((pem) =>
    new X509Certificate(pem)
  );
  equal(serving!.verify(ca!.publicKey) && client!.verify(ca!.publicKey), true);
  equal(serving!.checkIP("10.96.0.1"), "10.96.0.1");
  equal(serving!.checkHost("kubernetes.default.svc"), "kubernetes.default.svc");
  equal(client!.subject, "O=system:masters\nCN=admin");
});

Deno.test("client-node accepts a kubeconfig of an API server that serves everybody over plain HTTP", async () => {
  const config = new KubeConfig();
  config.loadFromString(kubeconfig("a", "http://127.0.0.1:8080"));
  await config.applyToHTTPSOptions({});
  equal(config.getCurrentCluster()?.server, "http://127.0.0.1:8080");
});
