import { deepEqual, match } from "node:assert/strict";
import { Gateway, pass } from "../../../sidecar/envoy/testing/gateway.ts";
import { askPython, python } from "../../lake/clients/python.ts";

const CLIENT = import.meta.resolve("./web_socket_over_http2.py");
const PACKAGES = ["h2==4.4.1", "hyperframe==6.1.0", "hpack==4.2.0", "wsproto==1.3.2", "h11==0.16.0"];

interface Greeted {
  readonly status: string;
  readonly text: string;
  readonly accept?: string | null;
}

Deno.test("h2 opens WebSockets by extended CONNECT, to a view asleep and awake", { ignore: !python }, async () => {
  const keys: (string | null)[] = [];
  await using pod = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, (request) => {
    if (request.headers.get("upgrade") !== "websocket") return new Response("a page");
    keys.push(request.headers.get("sec-websocket-key"));
    const { socket, response } = Deno.upgradeWebSocket(request);
    socket.onmessage = ({ data }) => socket.send(`${data}, ${new URL(request.url).hostname}`);
    return response;
  });
  const address = { address: pod.addr.hostname, port: pod.addr.port };
  await using gateway = await Gateway.start({
    check: async (request) => {
      await gateway.view("hello", { serving: [address] });
      return pass(request);
    },
  });

  const hosts = ["hello.localhost", "hello.localhost", "localhost"];
  const greeted = await askPython(CLIENT, PACKAGES, { port: gateway.port, hosts });
  const [asleep, awake, page] = greeted as [Greeted, Greeted, Greeted];
  deepEqual(asleep, { status: "200", text: "hello, hello.localhost", accept: null });
  deepEqual(awake, asleep);
  for (const key of keys) match(key ?? "", /^[A-Za-z0-9+/]{22}==$/);
  // The gateway's own page opens none.
  deepEqual([page.status, JSON.parse(page.text).type], ["502", "urn:view-gateway:no-websocket"]);
});
