/** What Envoy does with a signature that it may keep: the real Envoy, between a sidecar and an S3 of the test's. */
import { deepEqual, equal } from "node:assert/strict";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { ServerDuplexStream } from "@grpc/grpc-js";
import { envoy } from "../gen/envoy.js";
import { bidirectional } from "../grpc/method.ts";
import { lakeReads } from "./lake_reads.ts";
import { LAKE_METADATA, signedPrefix } from "./names.ts";
import { Gateway, TOKEN } from "./testing/gateway.ts";
import { Pod } from "./testing/pod.ts";
import { struct } from "./values.ts";

const { ProcessingRequest, ProcessingResponse } = envoy.service.ext_proc.v3;
type Request = envoy.service.ext_proc.v3.IProcessingRequest;
type Call = ServerDuplexStream<Request, envoy.service.ext_proc.v3.IProcessingResponse>;

interface World {
  /** From now on, in seconds. Default: from now for an hour. */
  readonly from?: number;
  readonly till?: number;
  readonly answer?: (request: IncomingMessage, response: ServerResponse) => void;
}

/** A sidecar that numbers its signatures and lets Envoy keep each. */
async function start({ from = 0, till = 3_600, answer }: World = {}) {
  const s3 = await Pod.start("s3", { ...answer && { answer } });
  const asked: string[] = [];
  const signed = ({ requestHeaders }: Request) => {
    const headers = new Map(
      requestHeaders?.headers?.headers?.map((
        { key, rawValue },
      ) => [key, new TextDecoder().decode(Uint8Array.from(rawValue!))]),
    );
    const [method, authority, path = ""] = [":method", ":authority", ":path"].map((name) => headers.get(name));
    asked.push(path);
    const now = Math.floor(Date.now() / 1000);
    const signature = { authorization: `signature ${asked.length}`, hash: "hash", date: "date", token: "token" };
    const target = path.replace("/_lake/", signedPrefix(TOKEN));
    const set = {
      ":path": target,
      authorization: signature.authorization,
      ...{ "x-amz-content-sha256": "hash", "x-amz-date": "date", "x-amz-security-token": "token" },
    };
    const keep = { key: `${method}\n${authority}\n${path}`, path: target, ...signature };
    return {
      requestHeaders: {
        response: {
          headerMutation: {
            setHeaders: Object.entries(set).map(([key, value]) => ({
              header: { key, rawValue: new TextEncoder().encode(value) },
            })),
          },
          clearRouteCache: true,
        },
      },
      dynamicMetadata: struct({
        [LAKE_METADATA]: {
          ...{ view: "sales", head: false, s3: false },
          keep: { ...keep, view: "sales", own: false, from: now + from, till: now + till },
        },
      }),
    };
  };
  const method = bidirectional({
    path: "/envoy.service.ext_proc.v3.ExternalProcessor/Process",
    request: ProcessingRequest,
    response: ProcessingResponse,
  });
  const handler = (call: Call) => {
    call.on("data", (request) => call.write(signed(request)));
    call.on("end", () => call.end());
  };
  const endpoint = `http://127.0.0.1:${s3.address.port}`;
  const gateway = await Gateway.start({
    settings: { lake: { endpoint, caFile: "/etc/ssl/certs/ca-certificates.crt" } },
    served: [{ method, handler }],
  });
  return {
    asked,
    gateway,
    s3,
    ask: (name = "x", headers: Record<string, string> = {}) =>
      gateway.ask("sales.localhost", { path: `/_lake/lake/${name}`, headers }),
    [Symbol.asyncDispose]: async () => {
      await gateway[Symbol.asyncDispose]();
      await s3[Symbol.asyncDispose]();
    },
  };
}

Deno.test("S3 gets the kept signature in place of what the client says, and none of its other headers", async () => {
  await using world = await start();
  await world.ask();
  await world.ask("x", {
    ...{ range: "bytes=0-1", "if-none-match": '"1"', "if-modified-since": "date", "user-agent": "curl" },
    ...{ authorization: "mine", "x-amz-security-token": "mine", "x-amz-date": "mine", "x-amz-content-sha256": "mine" },
    ...{ cookie: "a=b", origin: "http://evil", "x-amz-acl": "public-read", "x-http-method-override": "DELETE" },
  });
  const { path, method, headers: { host: _, connection: __, ...headers } } = world.s3.requests[1]!;
  deepEqual([method, path, world.asked.length], ["GET", "/lake/x", 1]);
  deepEqual(headers, {
    ...{ range: "bytes=0-1", "if-none-match": '"1"', "user-agent": "curl", authorization: "signature 1" },
    ...{ "x-amz-content-sha256": "hash", "x-amz-date": "date", "x-amz-security-token": "token" },
  });
});

Deno.test("an answer that is under way when the generation changes brings no signature into the next one", async () => {
  const held: ServerResponse[] = [];
  const asksS3 = Promise.withResolvers<void>();
  await using world = await start({
    answer: (_, response) => {
      held.push(response);
      if (held.length > 1) response.end();
      asksS3.resolve();
    },
  });
  const first = world.ask();
  await asksS3.promise;
  await world.gateway.controlPlane.publish([lakeReads("another")]);
  held[0]!.end();
  equal((await first).status, 200);
  await world.ask();
  equal(world.asked.length, 2);
  await world.ask();
  equal(world.asked.length, 2);
  await world.gateway.controlPlane.publish([lakeReads("a third")]);
  await world.ask();
  equal(world.asked.length, 3);
});

Deno.test("a signature that is over is not used, nor one of a time to come: then a clock was set back", async () => {
  for (const times of [{ from: -10, till: 0 }, { from: 60, till: 65 }]) {
    await using world = await start(times);
    for (const _ of [1, 2, 3]) equal((await world.ask()).status, 200);
    equal(world.asked.length, 3);
  }
});

Deno.test("S3's errors bring no signature to be kept", async () => {
  await using world = await start({ answer: (_, response) => response.writeHead(404).end() });
  for (const _ of [1, 2]) equal((await world.ask()).status, 404);
  equal(world.asked.length, 2);
});

Deno.test("a worker keeps so many signatures and bytes, and then begins again", async (t) => {
  await using world = await start();
  await world.gateway.controlPlane.publish([lakeReads("small", { signatures: 10, bytes: 10_000 })]);
  const countOf = async (name: string) => {
    const before = world.asked.length;
    await world.ask(name);
    return world.asked.length - before;
  };

  await t.step("signatures", async () => {
    for (let i = 0; i < 10; i++) await world.ask(`object-${i}`);
    deepEqual([await countOf("object-0"), await countOf("object-9")], [0, 0]);
    await world.ask("one-more");
    deepEqual([await countOf("one-more"), await countOf("object-0")], [0, 1]);
  });

  await t.step("bytes", async () => {
    const long = "x".repeat(2_000);
    for (let i = 0; i < 2; i++) await world.ask(`${i}-${long}`);
    deepEqual([await countOf(`0-${long}`), await countOf(`1-${long}`)], [0, 0]);
    await world.ask(`2-${long}`);
    deepEqual([await countOf(`2-${long}`), await countOf(`0-${long}`)], [0, 1]);
    const alone = "x".repeat(6_000);
    deepEqual([await countOf(alone), await countOf(alone)], [1, 1]);
  });
});
