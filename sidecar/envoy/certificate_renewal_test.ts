import { deepEqual, equal, notEqual } from "node:assert/strict";
import { Agent } from "node:https";
import { generateKeyPairSync } from "node:crypto";
import type { CertificateFiles } from "../tls/certificate.ts";
import { connectOverHttp2 } from "./testing/http2_client.ts";
import { Pod } from "./testing/pod.ts";
import { sendOverTls } from "./testing/tls_client.ts";
import { TlsGateway } from "./testing/tls_gateway.ts";

const HELLO = "hello.views.test";

/** A gateway with TLS and a view that is awake. */
async function awake() {
  const pod = await Pod.start("a", { answer: (_request, response) => response.end("ok") });
  const tls = await TlsGateway.start({ concurrency: 2 });
  await tls.gateway.view("hello", { serving: [pod.address] });
  const send = (agent?: Agent) =>
    sendOverTls({ ca: tls.authority.certificate, host: HELLO, port: tls.port, ...agent && { agent } });
  return {
    ...{ tls, send },
    /** The certificate that a new connection gets. */
    serial: async () => (await send()).serial,
    async [Symbol.asyncDispose]() {
      await tls[Symbol.asyncDispose]();
      await pod[Symbol.asyncDispose]();
    },
  };
}

/** How often Envoy has not taken a renewed certificate. */
const REFUSED = "sds.certificate.key_rotation_failed";

type Awake = Awaited<ReturnType<typeof awake>>;

/** Renews the certificate, and waits until new connections get it. */
async function renewed({ tls, serial }: Awake, files?: CertificateFiles): Promise<string> {
  const before = await serial();
  await tls.secret.renew(files ?? await tls.authority.issue());
  let after = before;
  await tls.gateway.envoy.until("Envoy has another certificate", async () => (after = await serial()) !== before);
  return after;
}

/** Calls a function so often, so many at a time. */
async function repeat(times: number, atOnce: number, call: () => Promise<void>): Promise<void> {
  let left = times;
  await Promise.all(Array.from({ length: atOnce }, async () => {
    while (left-- > 0) await call();
  }));
}

Deno.test("of 10,000 requests none fails while the certificate is renewed", async () => {
  await using world = await awake();
  const { tls, send } = world;
  const agent = new Agent({ keepAlive: true, maxSockets: 4 });
  await using client = await connectOverHttp2(tls.port, { ca: tls.authority.certificate, servername: HELLO });
  const head = { ":scheme": "https", ":authority": HELLO, ":path": "/" };
  const statuses: Record<string, number> = {};
  const serials = new Set<string>();
  const count =
    (way: string, ask: () => Promise<{ readonly status: number; readonly serial?: string }>) => async () => {
      const { status, serial } = await ask().catch((error) => ({ status: String(error), serial: undefined }));
      const key = `${way} ${status}`;
      statuses[key] = (statuses[key] ?? 0) + 1;
      if (way === "new" && serial !== undefined) serials.add(serial);
    };
  const load = Promise.all([
    repeat(5_000, 4, count("kept", () => send(agent))),
    repeat(2_000, 2, count("new", () => send())),
    repeat(3_000, 8, count("HTTP/2", () => client.answer(client.request(head)))),
  ]);
  let over = false;
  load.finally(() => over = true);
  while (!over) {
    await renewed(world);
  }
  await load;
  agent.destroy();
  deepEqual(statuses, { "kept 200": 5_000, "new 200": 2_000, "HTTP/2 200": 3_000 });
  equal(serials.size > 2, true);
});

Deno.test("a connection goes on through a renewal, and the next one has the new certificate", async () => {
  await using world = await awake();
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const { serial: first } = await world.send(agent);
  const second = await renewed(world);
  notEqual(second, first);
  equal((await world.send(agent)).serial, first);
  agent.destroy();
});

Deno.test("a certificate is renewed while the sidecar is away", async () => {
  await using world = await awake();
  const { controlPlane } = world.tls.gateway;
  await controlPlane.stop();
  const second = await renewed(world);
  await controlPlane.start();
  equal(await world.serial(), second);
});

Deno.test("Envoy keeps the certificate that it has where it cannot use the new one", async () => {
  await using world = await awake();
  const { tls, serial } = world;
  const { envoy } = tls.gateway;
  const first = await serial();
  const [good, other] = [await tls.authority.issue(), await tls.authority.issue()];
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const encrypted = String(privateKey.export({
    ...{ type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase: "secret" },
  }));
  const broken = [
    { ...good, key: other.key },
    { ...good, key: encrypted },
    { ...good, certificate: "" },
    { ...good, certificate: "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n" },
  ];
  for (const [i, files] of broken.entries()) {
    await tls.secret.renew(files);
    await envoy.until("Envoy refuses the files", async () => await envoy.stat(REFUSED) === i + 1);
    equal(await serial(), first, `${i}`);
  }
  notEqual(await renewed(world, good), first);
});
