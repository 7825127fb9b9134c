import { deepEqual, equal, match, ok } from "node:assert/strict";
import { Buffer } from "node:buffer";
import { fileURLToPath } from "node:url";
import { envoy } from "../gen/envoy.js";
import { PROCESS } from "./ext_proc_service.ts";

const { ProcessingRequest } = envoy.service.ext_proc.v3;

const request = ProcessingRequest.encode({
  requestHeaders: {
    endOfStream: true,
    headers: {
      headers: [
        { key: ":method", rawValue: new TextEncoder().encode("GET") },
        { key: ":path", rawValue: new TextEncoder().encode("/_lake/lake/sales/2026.csv") },
        { key: ":authority", rawValue: new TextEncoder().encode("sales.localhost") },
      ],
    },
  },
}).finish();

// Deno 2.9.4 and later abort in nghttp2 when an HTTP/2 peer says GOAWAY: https://github.com/denoland/deno/issues/36788
Deno.test("the sidecar's check of the lake outlives a client that says GOAWAY under load", async () => {
  const directory = await Deno.makeTempDir();
  const socket = `${directory}/grpc.sock`;
  const server = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", fileURLToPath(new URL("testing/ext_proc_server.ts", import.meta.url)), socket],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const errors = new Response(server.stderr).text();
  const output = server.stdout.pipeThrough(new TextDecoderStream()).getReader();
  try {
    match((await output.read()).value ?? await errors, /listening/);
    const client = await new Deno.Command("node", {
      args: [fileURLToPath(new URL("../grpc/testing/goaway_client.mjs", import.meta.url))],
      env: {
        SOCKET: socket,
        HOW: "goaway",
        ROUNDS: "25",
        METHOD: PROCESS.path,
        MESSAGE: Buffer.from(request).toString("base64"),
      },
      stderr: "inherit",
    }).output();
    const { left, last } = JSON.parse(new TextDecoder().decode(client.stdout));
    deepEqual({ left, last }, { left: 100, last: 20 });
  } finally {
    await server.stdin.close();
    const { code } = await server.status;
    equal(code, 0, `the server ended with code ${code}: ${await errors}`);
    const [, asked] = /stopped after (\d+)/.exec((await output.read()).value ?? "") ?? [];
    ok(Number(asked) > 100, `${asked} requests`);
    await output.cancel();
    await Deno.remove(directory, { recursive: true });
  }
});
