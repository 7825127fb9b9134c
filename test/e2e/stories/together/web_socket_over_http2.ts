import { once } from "node:events";
import { type ClientHttp2Stream, connect } from "node:http2";
import { expect, test } from "vitest";
import { theGateway } from "../../gateway/gateway.ts";

test("a WebSocket over HTTP/2 can be the first request", async () => {
  const gateway = await theGateway();
  await using view = await gateway.create("socket-h2");

  const session = connect(gateway.origin);
  try {
    const [settings] = await once(session, "remoteSettings");
    expect(settings.enableConnectProtocol).toBe(true);
    // https://www.rfc-editor.org/rfc/rfc8441#section-5
    const stream = session.request({
      ":method": "CONNECT",
      ":protocol": "websocket",
      ":scheme": "http",
      ":path": "/ws",
      ":authority": view.host,
      "sec-websocket-version": "13",
      ...view.proof.headers,
    }, { endStream: false });
    const [headers] = await once(stream, "response");
    expect(headers[":status"]).toBe(200);
    expect(headers["sec-websocket-accept"]).toBeUndefined();
    expect(await frame(stream)).toBe(`hello from ${view.name}`);

    const text = Buffer.from("is anybody there?");
    // A text, whole, under a mask that changes nothing: https://www.rfc-editor.org/rfc/rfc6455#section-5.2
    stream.write(Buffer.concat([Buffer.from([0x81, 0x80 | text.length, 0, 0, 0, 0]), text]));
    expect(await frame(stream)).toBe("is anybody there?");
  } finally {
    session.destroy();
  }
});

/** The text of the next frame, which is short and comes whole. */
async function frame(stream: ClientHttp2Stream): Promise<string> {
  const [bytes] = await once(stream, "data") as [Buffer];
  return bytes.subarray(2, 2 + bytes[1]!).toString();
}
