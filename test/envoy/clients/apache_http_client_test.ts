import { deepEqual, equal } from "node:assert/strict";
import { Gateway, pass } from "../../../sidecar/envoy/testing/gateway.ts";
import { Pod } from "../../../sidecar/envoy/testing/pod.ts";
import { java, runJava } from "./java.ts";

Deno.test(
  "Apache HttpClient, which offers an Upgrade with each GET, is answered by a view",
  { ignore: !java },
  async () => {
    // What it sends where there is no gateway.
    await using straight = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen: () => {} },
      ({ headers }) => new Response(headers.get("upgrade")),
    );
    await using pod = await Pod.start("a");
    await using gateway = await Gateway.start({
      check: async (request) => {
        await gateway.view("hello", { serving: [pod.address] });
        return pass(request);
      },
    });
    const asked = ["GET", "POST", "GET"].map((method) => `${method} hello.localhost ${gateway.port}`);
    const output = await runJava("ApacheHttpClient.java", [`GET hello.localhost ${straight.addr.port}`, ...asked]);

    const [offered, ...answers] = output.trim().split("\n");
    equal(offered, "200 TLS/1.2");
    deepEqual(answers.map((line) => line.slice(0, 4)), ["200 ", "200 ", "200 "]);
    deepEqual(pod.requests.map(({ method, bytes, headers }) => [method, bytes, headers.upgrade]), [
      ["GET", 0, undefined],
      ["POST", 5, undefined],
      ["GET", 0, undefined],
    ]);
    equal(await gateway.gateRequests(), 1);
  },
);
