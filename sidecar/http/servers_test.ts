import { deepEqual, equal, rejects } from "node:assert/strict";
import { join } from "node:path";
import { askSocket } from "../envoy/testing/http_client.ts";
import { HttpServer } from "./http_server.ts";
import { Servers } from "./servers.ts";
import { aborted } from "../async/aborted.ts";

Deno.test("on a fault, what waits is answered before its server stops", async () => {
  const directory = await Deno.makeTempDir();
  try {
    const socket = join(directory, "checks.sock");
    const ending = new AbortController();
    const waits = Promise.withResolvers<void>();
    let answer;
    const run = async () => {
      await using servers = new Servers(() => ending.abort());
      const checks = await HttpServer.onSocket(socket, async () => {
        waits.resolve();
        await aborted(ending.signal);
        return new Response("handed back");
      });
      servers.add(() => checks.stop(60_000));
      answer = askSocket(socket, { host: "hello.localhost" });
      await waits.promise;
      throw new Error("a fault");
    };
    await rejects(run(), /a fault/);
    equal((await answer!).body, "handed back");
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
});

Deno.test("none waits for another to stop", async () => {
  const met = [Promise.withResolvers<void>(), Promise.withResolvers<void>()] as const;
  const meet = (own: 0 | 1) => async () => {
    met[own].resolve();
    await met[1 - own]!.promise;
  };
  await using servers = new Servers(() => {});
  servers.add(meet(0));
  servers.add(meet(1));
});

Deno.test("one that cannot stop is told, once all others have", async () => {
  const stopped: string[] = [];
  const run = async () => {
    await using servers = new Servers(() => stopped.push("let go"));
    servers.add(() => Promise.reject(new Error("stuck")));
    servers.add(async () => {
      await Promise.resolve();
      stopped.push("other");
    });
  };
  await rejects(run(), ({ errors }: AggregateError) => errors[0].message === "stuck");
  deepEqual(stopped, ["let go", "other"]);
});
