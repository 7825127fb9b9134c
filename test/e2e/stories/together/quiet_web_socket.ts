import { once } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "vitest";
import { WebSocket } from "ws";
import { theGateway } from "../../gateway/gateway.ts";
import { until } from "../../until.ts";

test(
  "a WebSocket that is open but quiet keeps its view awake, and no longer when it is closed",
  { timeout: 150_000 },
  async () => {
    const gateway = await theGateway();
    await using view = await gateway.create("quiet", { idleSeconds: 15 });
    const { pod } = await view.whoami();
    const socket = new WebSocket(`${gateway.origin.replace(/^http/, "ws")}/ws`, {
      headers: { ...view.proof.headers, host: view.host },
    });
    await once(socket, "message");

    // Three times as long as the view would be awake by itself.
    await pause(45_000);

    const echoed = once(socket, "message");
    socket.send("still there?");
    expect(String((await echoed)[0])).toBe("still there?");
    expect((await view.pods()).map(({ metadata }) => metadata?.name)).toEqual([
      pod,
    ]);

    socket.close();
    await until("the view sleeps", async () => await view.phase() === "asleep", {
      within: 40_000,
    });
  },
);
