import { deepEqual, equal, rejects } from "node:assert/strict";
import { KubeConfig } from "@kubernetes/client-node";
import { generate } from "selfsigned";
import { anyAnswers } from "./any_answers.ts";
import { APART, Transport } from "./transport.ts";

const endless = new AbortController().signal;
const LONG = { method: "POST", path: "/", body: "x".repeat(3_000) };
const SHORT = { method: "POST", path: "/", body: "x" };

/** A server of HTTP/2 and HTTP/1.1 that answers while it is let, and a transport to it. */
async function started() {
  const { cert, private: key } = await generate([{ name: "commonName", value: "server" }], {
    algorithm: "sha256",
    extensions: [{ name: "subjectAltName", altNames: [{ type: 7, ip: "127.0.0.1" }] }],
  });
  /** The client's port of each request. */
  const ports: number[] = [];
  const waiting: (() => void)[] = [];
  let holds = false;
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, cert, key, onListen: () => undefined },
    async (request, { remoteAddr }) => {
      ports.push((remoteAddr as Deno.NetAddr).port);
      await request.text();
      if (holds) await new Promise<void>((resolve) => waiting.push(resolve));
      return new Response("ok");
    },
  );
  const arrived = async (count: number) => {
    while (ports.length < count) await new Promise((resolve) => setTimeout(resolve, 1));
  };
  const release = async (before: number, answers: readonly Promise<unknown>[]) => {
    holds = false;
    for (const go of waiting.splice(0)) go();
    await Promise.all(answers);
    return ports.slice(before);
  };
  const transport = new Transport(() => {
    const config = new KubeConfig();
    const cluster = { name: "c", server: `https://127.0.0.1:${server.addr.port}`, caData: btoa(cert) };
    config.loadFromClusterAndUser({ ...cluster, skipTLSVerify: false }, { name: "u" });
    return config;
  });
  return {
    transport,
    /** Sends one after the other, while all of them are under way. Returns the client's port of each. */
    atOnce: async (...calls: readonly (typeof LONG)[]) => {
      const answers: Promise<unknown>[] = [];
      const before = ports.length;
      holds = true;
      for (const call of calls) {
        answers.push(transport.call(call, endless));
        await arrived(before + answers.length);
      }
      return await release(before, answers);
    },
    /** Waits until so many requests have come, before it answers. Returns the client's port of each. */
    held: async (count: number, answers: readonly Promise<unknown>[]) => {
      holds = true;
      await arrived(count);
      return await release(0, answers);
    },
    hold: () => holds = true,
    async [Symbol.asyncDispose]() {
      transport.close();
      for (const go of waiting.splice(0)) go();
      await server.shutdown();
    },
  };
}

Deno.test("calls share one connection, but a few calls with long bodies have their own", async () => {
  await using server = await started();
  const [shared] = await server.atOnce(SHORT);
  const ports = await server.atOnce(SHORT, ...Array.from({ length: APART + 2 }, () => LONG), SHORT);
  const own = new Set(ports.slice(1, 1 + APART));
  deepEqual([own.size, own.has(shared!)], [APART, false]);
  deepEqual([ports[0], ...ports.slice(1 + APART)], [shared, shared, shared, shared]);
});

Deno.test("the API server is asked over every connection, which keeps them open", async () => {
  await using server = await started();
  const asked = await server.held(1 + APART, [anyAnswers([server.transport], 10_000, endless)]);
  equal(new Set(asked).size, 1 + APART);
});

Deno.test("a silent API server gives no answer, and the next call opens other connections", async () => {
  await using server = await started();
  const [shared, own] = await server.atOnce(SHORT, LONG);
  server.hold();
  await rejects(anyAnswers([server.transport], 200, endless), { kind: "Timeout" });
  const next = await server.atOnce(SHORT, LONG);
  deepEqual([next.includes(shared!), next.includes(own!)], [false, false]);
});
