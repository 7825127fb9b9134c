import { once } from "node:events";
import { expect, test } from "vitest";
import { WebSocket } from "ws";
import { theGateway } from "../../gateway/gateway.ts";

test("a WebSocket can be the first request", async () => {
  const gateway = await theGateway();
  await using view = await gateway.create("socket");

  const socket = new WebSocket(`${gateway.origin.replace(/^http/, "ws")}/ws`, {
    headers: { ...view.proof.headers, host: view.host },
  });
  try {
    const [hello] = await once(socket, "message");
    expect(String(hello)).toBe(`hello from ${view.name}`);

    const echoed = once(socket, "message");
    socket.send("is anybody there?");
    expect(String((await echoed)[0])).toBe("is anybody there?");
  } finally {
    socket.terminate();
  }
});
