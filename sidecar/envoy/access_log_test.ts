import { deepEqual, equal } from "node:assert/strict";
import { Gateway } from "./testing/gateway.ts";
import { sendRequest } from "./testing/http_client.ts";
import { Pod } from "./testing/pod.ts";

Deno.test("the access log has the path of a request, and no secret of its query, headers or body", async () => {
  await using pod = await Pod.start("a");
  await using gateway = await Gateway.start({ settings: { accessLog: true } });
  await gateway.view("hello", { serving: [pod.address] });
  const secret = "c2VjcmV0LXRva2Vu";
  const paths = ["/_gate/session", "/_auth/callback", "/_api/views", "/page"];
  for (const host of ["hello.localhost", "unknown.localhost", "localhost"]) {
    for (const path of paths) {
      await sendRequest({
        ...{ host, port: gateway.port, method: "POST", path: `${path}?ticket=${secret}&code=${secret}#${secret}` },
        headers: { authorization: `Bearer ${secret}`, cookie: `__Host-view=${secret}`, referer: `http://x/?${secret}` },
        body: `token=${secret}`,
      });
    }
  }
  // Envoy writes its access log every ten seconds, and when it ends.
  await gateway.envoy.stop();
  const lines = gateway.envoy.log.split("\n").filter((line) => line.startsWith("{"));
  equal(lines.length, 3 * paths.length);
  deepEqual([...new Set(lines.map((line) => JSON.parse(line).path))].toSorted(), paths.toSorted());
  equal(gateway.envoy.log.includes(secret), false);
});
