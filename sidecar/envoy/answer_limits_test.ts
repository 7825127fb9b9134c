import assert from "node:assert/strict";
import { GATE_ANSWER_LIMITS } from "./header_limits.ts";
import { envoyBootstrap } from "./testing/bootstrap.ts";
import { Gateway, pass } from "./testing/gateway.ts";
import { exchange } from "./testing/http_client.ts";
import { Pod } from "./testing/pod.ts";

/** Awake from the beginning, and only once it is asked for. */
const VIEWS = ["awake.localhost", "asleep.localhost"];

/** A gateway before a view whose answers have this many fields, each of this many bytes. */
async function answering(fields: number, bytes: number) {
  const pod = await Pod.start("a", {
    answer: (_request, response) => {
      for (let i = 0; i < fields; i++) response.setHeader(`x-${i}`, "v".repeat(bytes));
      response.end("whole");
    },
  });
  const gateway = await Gateway.start({
    check: async (request) => {
      await gateway.view("asleep", { serving: [pod.address] });
      return pass(request);
    },
  });
  await gateway.view("awake", { serving: [pod.address] });
  return {
    pod,
    ask: (host: string, method = "GET", body = "") =>
      exchange(
        gateway.port,
        `${method} / HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
      ),
    async [Symbol.asyncDispose]() {
      await gateway[Symbol.asyncDispose]();
      await pod[Symbol.asyncDispose]();
    },
  };
}

for (const [fields, bytes] of [[101, 10], [900, 10], [10, 8_000], [3, 80_000]] as const) {
  Deno.test(`an answer with ${fields} header fields of ${bytes} bytes arrives, and is asked for once`, async () => {
    await using view = await answering(fields, bytes);
    for (const host of VIEWS) {
      const answer = await view.ask(host);
      assert.match(answer, /^HTTP\/1\.1 200 OK\r\n/);
      assert.equal(answer.match(/^x-\d+: v/gm)?.length, fields);
      assert.match(answer, /\r\n\r\n.*whole/s);
    }
    assert.equal(view.pod.requests.length, VIEWS.length);
  });
}

Deno.test("such an answer arrives after a body that the gate has kept, too", async () => {
  await using view = await answering(300, 300);
  const answer = await view.ask("asleep.localhost", "POST", "b".repeat(100_000));
  assert.match(answer, /^HTTP\/1\.1 200 OK\r\n/);
  assert.equal(answer.match(/^x-\d+: v/gm)?.length, 300);
  assert.deepEqual(view.pod.requests.map(({ bytes }) => bytes), [100_000]);
});

Deno.test("the way to the gate that the bootstrap has takes what the gate lets through", async () => {
  const { static_resources } = await envoyBootstrap("/tmp") as {
    static_resources: { clusters: { name: string; typed_extension_protocol_options: Record<string, Options> }[] };
  };
  const gate = static_resources.clusters.find(({ name }) => name === "gate_listener")!;
  const [options] = Object.values(gate.typed_extension_protocol_options);
  const { fields, kib } = GATE_ANSWER_LIMITS;
  assert.deepEqual(options?.common_http_protocol_options, { max_headers_count: fields, max_response_headers_kb: kib });
});

interface Options {
  readonly common_http_protocol_options: Readonly<Record<string, number>>;
}

for (const [fields, bytes] of [[1_100, 1], [1, 300_000]] as const) {
  Deno.test(`an answer with ${fields} header fields of ${bytes} bytes is refused, with the limits`, async () => {
    await using view = await answering(fields, bytes);
    for (const host of VIEWS) {
      const answer = await view.ask(host, "POST");
      assert.match(answer, /^HTTP\/1\.1 502 Bad Gateway\r\n/);
      assert.match(answer, /urn:view-gateway:invalid-answer/);
      assert.match(answer, /more than 1000 fields or 256 KiB/);
    }
    assert.equal(view.pod.requests.length, VIEWS.length);
  });
}
