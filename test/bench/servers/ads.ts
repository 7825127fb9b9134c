/**
 * The sidecar's xDS server in a process of its own: `ads.ts SOCKET RESOURCES`. It reads commands and reports events in
 * lines of JSON: see ads_process.ts.
 */
import { createHash } from "node:crypto";
import { GrpcServer } from "../../../sidecar/grpc/grpc_server.ts";
import type { Resource, TypeUrl } from "../../../sidecar/proto/resource.ts";
import { AdsServer } from "../../../sidecar/xds/ads_server.ts";
import type { AdsEvent, Line } from "../processes/ads_process.ts";

const [socket, file] = Deno.args as [string, string];
const say = (heard: AdsEvent) => console.log(JSON.stringify(heard));
const endless = new AbortController().signal;

const resources = (await Deno.readTextFile(file)).trim().split("\n").map((line) => resourceOf(JSON.parse(line)));
let opened: number | undefined;
let sent = 0;
let acked = 0;
let loaded = false;

const ads = new AdsServer({
  observer: {
    onUpdate: (_type, count) => sent += count,
    onAck: (_type, count) => {
      acked += count;
      queueMicrotask(look);
    },
    onNack: (type, count) => say({ event: "refused", sent, message: `${count} of ${type}` }),
  },
  log: { info: () => {}, warn: console.error, error: console.error },
  now: Date.now,
});
ads.subscribe((_type, names) => {
  acked += names.length;
  queueMicrotask(look);
});
ads.publish({ set: resources, removed: [] });
ads.start();

function look(): void {
  if (loaded || acked < resources.length) return;
  if (!resources.every(({ type, name, version }) => ads.acked(type, name, version))) return;
  loaded = true;
  say({ event: "loaded", milliseconds: performance.now() - opened!, sent });
}

const { method, handler } = ads.served;
const timed = (call: never) => {
  opened ??= performance.now();
  (handler as (call: never) => void)(call);
};
await GrpcServer.listen(socket, [{ method, handler: timed as typeof handler }]);
say({ event: "listening", sent });

let partial = "";
for await (const text of Deno.stdin.readable.pipeThrough(new TextDecoderStream())) {
  const lines = (partial + text).split("\n");
  partial = lines.pop() ?? "";
  for (const line of lines) await execute(JSON.parse(line));
}

async function execute(line: Line | Record<string, never>): Promise<void> {
  if (!("type" in line)) return say({ event: "status", sent });
  const resource = resourceOf(line as Line);
  const began = performance.now();
  ads.publish({ set: [resource], removed: [] });
  await ads.untilAcked(resource.type, resource.name, resource.version, endless);
  say({ event: "acked", milliseconds: performance.now() - began, sent });
}

function resourceOf({ type, name, body }: Line): Resource {
  const bytes = Uint8Array.fromBase64(body);
  const version = createHash("sha256").update(bytes).digest("base64url").slice(0, 22);
  return { type: type as TypeUrl, name, version, body: bytes };
}
