import type { handleBidiStreamingCall } from "@grpc/grpc-js";
import { deepEqual } from "node:assert/strict";
import { EnvoyProcess } from "../../test/envoy/envoy_process.ts";
import { GrpcServer } from "../grpc/grpc_server.ts";
import { AdsServer } from "../xds/ads_server.ts";
import type { DeltaRequest, DeltaResponse } from "../xds/wire.ts";
import { viewResources } from "./resources.ts";
import { socketsIn } from "./sockets.ts";
import { envoyBootstrap } from "./testing/bootstrap.ts";

Deno.test("Envoy says who it is once, and not again with each ACK", async () => {
  const directory = await Deno.makeTempDir({ prefix: "bootstrap-" });
  const ignore = () => {};
  const ads = new AdsServer({
    observer: { onUpdate: ignore, onAck: ignore, onNack: ignore },
    log: { info: ignore, warn: ignore, error: ignore },
    now: Date.now,
  });
  const nodes: (string | undefined)[] = [];
  const serve = ads.served.handler as handleBidiStreamingCall<DeltaRequest, DeltaResponse>;
  const handler: typeof serve = (call) => {
    call.on("data", ({ node }: DeltaRequest) => nodes.push(node?.id ?? undefined));
    serve(call);
  };
  ads.start();
  const server = await GrpcServer.listen(socketsIn(directory).grpc, [{ ...ads.served, handler }]);
  try {
    await using _envoy = await EnvoyProcess.start({ bootstrap: await envoyBootstrap(directory) });
    for (const name of ["a", "b"]) {
      const set = viewResources({ name, serving: [], draining: [] }, {
        socketDirectory: directory,
        authentication: "none",
      });
      ads.publish({ set, removed: [] });
      for (const { type, name, version } of set) {
        await ads.untilAcked(type, name, version, AbortSignal.timeout(10_000));
      }
    }
    deepEqual(nodes.filter((id) => id !== undefined), ["test"]);
  } finally {
    ads.stop();
    await server.stop(0);
    await Deno.remove(directory, { recursive: true });
  }
});
