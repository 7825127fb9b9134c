/** What a view's pod gets of odd Cookie and Authorization headers: a whole gateway, with a real pod behind its gate. */
import { equal } from "node:assert/strict";
import { connectOverHttp2 } from "../envoy/testing/http2_client.ts";
import { exchange } from "../envoy/testing/http_client.ts";
import { clusterTest } from "../kubernetes/testing/namespace.ts";
import { closedGateway } from "../testing/closed_gateway.ts";
import { machineAddress } from "../testing/machine_address.ts";

// A machine without a network has no address for a pod.
if (machineAddress !== undefined) {
  const host = machineAddress;

  clusterTest(
    "no way of writing them takes the gateway's cookies or tokens to a pod, by the gate or past it",
    async (namespace) => {
      await using gateway = await closedGateway(namespace, host);
      const { pod } = gateway;
      for (const view of ["open", "shared"]) {
        await gateway.view(view, view === "open" ? { public: true } : { access: { users: ["oidc:alice"] } });
      }
      await gateway.robot.allow(["open"], "shared");
      const port = await gateway.replica.envoy!.port("public");
      const { authorization } = await gateway.token("view-gateway");
      for (const view of ["open", "shared"]) {
        const [fresh, stale, other] = await Promise.all([
          gateway.cookie(view, "oidc:alice", 1),
          gateway.cookie(view, "oidc:alice", 610),
          gateway.cookie("other", "oidc:alice", 1),
        ]);
        const nonce = "__Host-nonce=secret";
        for (const { cookie } of [fresh, stale, other]) {
          const value = cookie.slice(cookie.indexOf("=") + 1);
          const ways = [
            [`a=1`, cookie],
            [cookie, `a=1`],
            [`a=1, ${cookie}`],
            [`${cookie}, a=1`],
            [`a=1,${nonce}`, `b=2; ${cookie}`],
            [`__Host-view="${value}"`],
            [`a="x; ${cookie}"`],
            [`a=1;${cookie};;`],
            [`; ${cookie}`],
            [`${cookie}; ${cookie}`, nonce],
            [`big=${"x".repeat(9_000)}; ${cookie}`],
            [`${cookie}; big=${"x".repeat(9_000)}`],
          ];
          for (const lines of ways) {
            const text = lines.map((line) => `Cookie: ${line}\r\n`).join("");
            await exchange(
              port,
              `GET /?${view} HTTP/1.1\r\nHost: ${view}.localhost\r\nConnection: close\r\n${text}\r\n`,
            );
            await exchange(
              port,
              `GET /?${view} HTTP/1.1\r\nHost: ${view}.localhost\r\nConnection: close\r\nAuthorization: Basic YTpi\r\n` +
                `Authorization: ${authorization}\r\n${text}\r\n`,
            );
          }
          await using client = await connectOverHttp2(port);
          for (const crumbs of [["a=1", cookie], [cookie, nonce, "a=1"], [`a=1, ${cookie}`, "b=2"]]) {
            await client.answer(client.request({ ":authority": `${view}.localhost`, cookie: crumbs }));
          }
        }
      }
      const token = authorization.slice("Bearer ".length);
      for (const { headers } of pod.requests) {
        const text = JSON.stringify(headers);
        equal(/__Host-(view|nonce)/.test(text) ? headers.cookie : undefined, undefined);
        equal(text.includes(token) ? headers.authorization : undefined, undefined);
      }
      equal(pod.requests.length > 50, true, String(pod.requests.length));
    },
  );

  clusterTest(
    "a view that is created again is closed to users of the former view of its name",
    async (namespace) => {
      await using gateway = await closedGateway(namespace, host);
      await gateway.view("hello", { access: { users: ["oidc:alice"] } });
      const [fresh, stale] = [
        await gateway.cookie("hello", "oidc:alice", 1),
        await gateway.cookie("hello", "oidc:alice", 610),
      ];
      for (const cookie of [fresh, stale]) {
        equal((await gateway.ask("hello", cookie, { path: "/_gate/none" })).status, 404);
      }
      await namespace.call("DELETE", "api/v1/services/hello");
      await gateway.view("hello", { access: { users: ["oidc:bob"] } });
      for (const cookie of [fresh, stale]) {
        for (const path of ["/", "/_gate/none"]) {
          let status = 0;
          for (let i = 0; i < 50 && status !== 403; i++) {
            status = (await gateway.ask("hello", cookie, { path })).status;
          }
          equal(status, 403, path);
        }
      }
      equal(await gateway.metric('view_gateway_views{phase="asleep"}'), 1);
    },
  );
}
