import { equal } from "node:assert/strict";
import { KubeConfig } from "@kubernetes/client-node";
import { tcpForwarder } from "./tcp_forwarder.ts";

Deno.test("a forwarder carries bytes, counts those of the server, and closes all connections at once", async () => {
  await using server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, () => new Response("hello"));
  const config = new KubeConfig();
  const cluster = { name: "test", server: `http://127.0.0.1:${server.addr.port}`, skipTLSVerify: false };
  config.loadFromClusterAndUser(cluster, { name: "test" });
  await using forwarder = tcpForwarder(config);
  const { port } = new URL(forwarder.load().getCurrentCluster()!.server);
  using connection = await Deno.connect({ hostname: "127.0.0.1", port: Number(port) });
  await connection.write(new TextEncoder().encode("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"));
  const buffer = new Uint8Array(4096);
  let answer = "";
  while (!answer.endsWith("hello")) {
    answer += new TextDecoder().decode(buffer.subarray(0, await connection.read(buffer) ?? 0));
  }
  equal(forwarder.received, answer.length);
  equal(forwarder.accepted.length, 1);
  forwarder.cut();
  equal(await connection.read(buffer), null);
});
