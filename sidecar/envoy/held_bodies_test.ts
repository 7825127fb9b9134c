import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { connect as connectHttp2 } from "node:http2";
import { connect, type Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { BODY_HEADER } from "./names.ts";
import { type Announced, costByViewCluster, costOf, maxCost } from "./held_bodies.ts";
import type { EnvoySettings } from "./settings.ts";
import { Gateway, pass } from "./testing/gateway.ts";
import { Pod, type Seen } from "./testing/pod.ts";

const MIB = 1 << 20;
const LIMIT = 8 * MIB;
/** Of a body of which a part is read. */
const PART = 2 * MIB;

Deno.test("a body that is read whole costs twice its length, one that is not the same whatever its length, and none nothing", () => {
  const none = { length: undefined, chunked: false, upgrade: false };
  const cost = (announced: Partial<Announced>) => costOf({ ...none, ...announced }, LIMIT);
  assert.deepEqual([cost({}), cost({ length: 0 })], [0, 0]);
  assert.ok(cost({ length: 100 }) > 200 && cost({ length: 100 }) < MIB);
  const largest = cost({ length: LIMIT });
  assert.ok(largest > 2 * LIMIT && largest < 2 * LIMIT + MIB);
  assert.equal(maxCost(LIMIT), largest);
  // In the cluster of a view, a part of each is read.
  const inCluster = [0, 100, LIMIT].map((length) => costByViewCluster({ ...none, length }, LIMIT));
  assert.deepEqual(inCluster, [0, cost({ length: 100 }), PART]);
  assert.deepEqual([cost({ length: LIMIT + 1 }), cost({ length: 50 * MIB }), cost({ chunked: true })], [
    PART,
    PART,
    PART,
  ]);
  assert.ok(cost({ upgrade: true }) > 0 && cost({ upgrade: true }) < PART);
  assert.equal(maxCost(100), PART);
});

/** A gateway that holds each request until its client has gone, or `wake` is called. */
async function holding(settings: Partial<EnvoySettings> = {}) {
  const announced: (string | null)[] = [];
  const counts = { held: 0, gone: 0 };
  const woken = Promise.withResolvers<void>();
  const gateway = await Gateway.start({
    settings,
    check: async (request, hungUp) => {
      announced.push(request.headers.get(BODY_HEADER));
      counts.held++;
      const gone = Promise.withResolvers<void>();
      hungUp.addEventListener("abort", () => {
        counts.gone++;
        gone.resolve();
      });
      await Promise.race([woken.promise, gone.promise]);
      return pass(request);
    },
  });
  return {
    gateway,
    announced,
    wake: woken.resolve,
    held: (count: number) => gateway.envoy.until(`${count} are held`, () => counts.held === count),
    gone: (count: number) => gateway.envoy.until(`${count} are gone`, () => counts.gone === count),
    async [Symbol.asyncDispose]() {
      woken.resolve();
      await gateway[Symbol.asyncDispose]();
    },
  };
}

/** Bytes that Envoy has allocated now. */
async function allocated(gateway: Gateway): Promise<number> {
  return Number(JSON.parse(await gateway.envoy.admin("/memory")).allocated);
}

/** The same, once Envoy reads no more. */
async function settled(gateway: Gateway): Promise<number> {
  let last = 0;
  await gateway.envoy.until("it reads no more", async () => {
    const before = last;
    await delay(200);
    last = await allocated(gateway);
    return Math.abs(last - before) < 50_000;
  });
  return last;
}

/** A client of HTTP/1.1 that sends this much of a body; `sent` resolves when none of it is left with the client. */
function upload(
  port: number,
  framing: string,
  bytes: number,
): { readonly socket: Socket; readonly sent: Promise<void> } {
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => {});
  socket.write(`POST / HTTP/1.1\r\nHost: hello.localhost\r\n${framing}`);
  const { promise, resolve } = Promise.withResolvers<void>();
  socket.write(Buffer.alloc(bytes), () => resolve());
  return { socket, sent: promise };
}

const length = (bytes: number, more = "") => `Content-Length: ${bytes}\r\n${more}\r\n`;

Deno.test("a client that vanishes amid a body whose length it has said is noticed, however it vanishes", async () => {
  await using holds = await holding();
  const { port } = holds.gateway;
  const clients = [
    upload(port, length(8 * MIB), 3 * MIB),
    upload(port, length(8 * MIB), 8 * MIB),
    // It resets its connection: there is an answer, "100 Continue", that it has not read.
    upload(port, length(4 * MIB, "Expect: 100-continue\r\n"), 3 * MIB),
  ];
  clients[2]!.socket.pause();
  await holds.held(3);
  assert.deepEqual(holds.announced.toSorted(), [4 * MIB, 8 * MIB, 8 * MIB].map(String));
  for (const { sent } of clients) await sent;
  for (const { socket } of clients) socket.destroy();
  await holds.gone(3);
});

Deno.test("a body costs Envoy no more than is reckoned, whatever its form", async () => {
  const forms = {
    "whole": length(6 * MIB),
    "larger than the limit": length(50 * MIB),
    "chunked": `Transfer-Encoding: chunked\r\n\r\n${(50 * MIB).toString(16)}\r\n`,
    "upgrade":
      "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\n\r\n",
  };
  const six = { length: 6 * MIB, chunked: false, upgrade: false };
  const upgrade = costOf({ length: undefined, chunked: false, upgrade: true }, LIMIT);
  const bounds: Readonly<Record<string, number>> = {
    whole: costOf(six, LIMIT),
    upgrade,
    chunked: PART,
    "larger than the limit": PART,
  };
  for (const [form, framing] of Object.entries(forms)) {
    // A view that has fallen asleep lately has a cluster, which leads to the gate too.
    for (const lately of [false, true]) {
      await using holds = await holding();
      if (lately) await holds.gateway.view("hello", { serving: [] });
      const before = await allocated(holds.gateway);
      const count = 4;
      const clients = Array.from({ length: count }, () => upload(holds.gateway.port, framing, 6 * MIB));
      await holds.held(count);
      if (form === "whole" && !lately) { for (const { sent } of clients) await sent; }
      const each = (await settled(holds.gateway) - before) / count;
      for (const { socket } of clients) socket.destroy();
      const bound = lately && form === "whole" ? costByViewCluster(six, LIMIT) : bounds[form]!;
      // What a request costs without a body comes in addition.
      assert.ok(
        each < bound + 100_000,
        `${form}, asleep ${lately ? "lately" : "for long"}: ${each} bytes, not ${bound}`,
      );
    }
  }
});

Deno.test("Envoy reads no more bodies at once than there is memory for, however long the gate takes to decide", async () => {
  const room = 40 * MIB;
  await using holds = await holding({ heldBytesInAll: room });
  const before = await allocated(holds.gateway);
  const answers: string[] = [];
  const clients = Array.from({ length: 60 }, () => upload(holds.gateway.port, length(8 * MIB), 8 * MIB));
  for (const { socket } of clients) socket.once("data", (head) => answers.push(String(head)));
  await holds.held(2);
  await holds.gateway.envoy.until("58 are refused", () => answers.length === 58);
  for (const answer of answers) {
    assert.match(answer, /^HTTP\/1\.1 503 [^]*\r\nretry-after: \d[^]*urn:view-gateway:overloaded/);
  }
  const more = await settled(holds.gateway) - before;
  assert.ok(more < room + 60 * 100_000, `${more} bytes`);
  for (const { socket } of clients) socket.destroy();
  await holds.gone(2);
});

Deno.test("over HTTP/2 a body costs no more, whether it says its length or not", async () => {
  for (const headers of [{}, { "content-length": String(50 * MIB) }]) {
    await using holds = await holding();
    const before = await allocated(holds.gateway);
    const session = connectHttp2(`http://127.0.0.1:${holds.gateway.port}`);
    const count = 8;
    for (let i = 0; i < count; i++) {
      const stream = session.request({ ":method": "POST", ":authority": "hello.localhost", ...headers });
      stream.on("error", () => {});
      stream.write(Buffer.alloc(6 * MIB));
    }
    await holds.held(count);
    const each = (await settled(holds.gateway) - before) / count;
    const closed = once(session, "close");
    session.destroy();
    await closed;
    // They are noticed though Envoy has not read what they sent.
    await holds.gone(count);
    assert.ok(each < PART + 100_000, `${each} bytes`);
  }
});

Deno.test("a body larger than the limit is held in part, and arrives whole", async () => {
  await using pod = await Pod.start("a");
  await using holds = await holding();
  const body = randomBytes(20 * MIB);
  const answer = holds.gateway.ask("hello.localhost", { method: "POST", body });
  await holds.held(1);
  await holds.gateway.view("hello", { serving: [pod.address] });
  holds.wake();
  const seen: Seen = JSON.parse((await answer).body);
  assert.deepEqual([seen.bytes, seen.sha256], [body.length, createHash("sha256").update(body).digest("hex")]);
  assert.equal(seen.headers[BODY_HEADER], undefined);
});

Deno.test("a body of the largest size that is read whole outlives the crash of the sidecar while its request is held", async () => {
  await using pod = await Pod.start("a");
  let crashed = false;
  let held = 0;
  await using gateway = await Gateway.start({
    check: async (request) => {
      if (crashed) return pass(request);
      held++;
      return await new Promise<never>(() => {});
    },
  });
  const bodies = [LIMIT, 100_000].map((bytes) => randomBytes(bytes));
  const answers = bodies.map((body) => gateway.ask("hello.localhost", { method: "POST", body }));
  await gateway.envoy.until("both are held", () => held === 2);
  await settled(gateway);
  await gateway.controlPlane.stop();
  crashed = true;
  await gateway.controlPlane.start();
  await gateway.view("hello", { serving: [pod.address] });

  for (const [i, answer] of answers.entries()) {
    const seen: Seen = JSON.parse((await answer).body);
    assert.deepEqual([seen.bytes, seen.sha256], [
      bodies[i]!.length,
      createHash("sha256").update(bodies[i]!).digest("hex"),
    ]);
  }
  assert.equal(pod.requests.length, 2);
});

Deno.test("on one connection that speaks HTTP/2, uploads that are held do not hold up another", async () => {
  await using pod = await Pod.start("a");
  await using holds = await holding();
  await holds.gateway.view("awake", { serving: [pod.address] });
  const session = connectHttp2(`http://127.0.0.1:${holds.gateway.port}`);
  const post = (host: string, bytes: number, headers: Record<string, string> = {}) => {
    const stream = session.request({ ":method": "POST", ":authority": `${host}.localhost`, ...headers });
    stream.on("error", () => {});
    stream.end(Buffer.alloc(bytes));
    return stream;
  };
  // Half of them say their length and are read whole; the others are held in part.
  for (let i = 0; i < 40; i++) post("asleep", 4_000_000, i % 2 === 0 ? { "content-length": "4000000" } : {});
  await holds.held(40);

  const other = post("awake", 100_000);
  const [headers] = await once(other, "response");
  assert.equal(headers[":status"], 200);
  const closed = once(session, "close");
  session.destroy();
  await closed;
  await holds.gone(40);
});

Deno.test("a body that is too large to repeat gets an answer that says so, and when to try again", async () => {
  await using gateway = await Gateway.start();
  await gateway.controlPlane.stop();
  const { status, headers, body } = await gateway.ask("hello.localhost", {
    method: "POST",
    headers: { "transfer-encoding": "chunked" },
    body: Buffer.alloc(20 * MIB),
  });
  const problem = JSON.parse(body);
  assert.deepEqual([status, problem.type, problem.title], [
    507,
    "urn:view-gateway:cannot-be-repeated",
    "Cannot Be Repeated",
  ]);
  assert.ok(Number(headers["retry-after"]) > 0);
});
