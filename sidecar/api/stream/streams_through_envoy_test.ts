/** Streams of events on their way through Envoy. */
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { Quota } from "../../async/quota.ts";
import { Gateway } from "../../envoy/testing/gateway.ts";
import { eventually } from "../../testing/eventually.ts";
import { EventReader } from "./testing/event_reader.ts";
import { startApiWith, viewNamed } from "../testing/views_api.ts";
import type { WatchTiming } from "./view_events.ts";
import { ViewWatches, WATCH_LIMITS } from "./view_watches.ts";

type Listener = Parameters<ConstructorParameters<typeof ViewWatches>[0]["subscribe"]>[0];

/** The API behind a real Envoy. Each batch of changes is told at once. */
async function start(timing: Partial<WatchTiming>) {
  const listeners: Listener[] = [];
  const quota = new Quota(WATCH_LIMITS);
  const watches = new ViewWatches({ subscribe: (listener) => listeners.push(listener) }, quota);
  const api = startApiWith({ watches, watchTiming: { flush: 0, ...timing } });
  const sent = { bytes: 0 };
  const base = async (request: Request) => {
    const { body, status, headers } = await api.api.fetch(request);
    const counted = new TransformStream<Uint8Array, Uint8Array>({
      transform: (chunk, controller) => {
        sent.bytes += chunk.length;
        controller.enqueue(chunk);
      },
    });
    return new Response(body?.pipeThrough(counted), { status, headers });
  };
  const put = (name: string, bytes: number) => {
    const subsets = [{ bucket: "lake", prefix: `${"x".repeat(bytes)}/`, access: "read" as const }];
    const state = { ...viewNamed(name), spec: { subsets } };
    api.put(name, state);
    for (const listener of listeners) listener(name, state, undefined);
  };
  return { gateway: await Gateway.start({ base }), quota, put, sent };
}

/** Time-outs that end no stream that is open. */
const OTHER_TIMEOUTS = ["initial_fetch_timeout", "request_headers_timeout", "timeout of connection_keepalive"];

/** The time-outs in a part of Envoy's configuration by which it ends streams, each with its value. */
function streamTimeouts(part: unknown, of = ""): readonly string[] {
  if (typeof part !== "object" || part === null) return [];
  return Object.entries(part).flatMap(([key, member]) => {
    const name = of === "connection_keepalive" ? `${key} of ${of}` : key;
    const isTimeout = /timeout|duration/.test(key) && typeof member === "string" && !OTHER_TIMEOUTS.includes(name);
    return [...isTimeout ? [`${key} ${member}`] : [], ...streamTimeouts(member, key)];
  });
}

interface ConfigDump {
  readonly dynamic_listeners?: readonly { readonly name: string }[];
  readonly dynamic_route_configs?: readonly {
    readonly route_config: {
      readonly name: string;
      readonly virtual_hosts: readonly {
        readonly routes: readonly { readonly route?: { readonly cluster?: string } }[];
      }[];
    };
  }[];
}

Deno.test("nothing on a watch's way through Envoy has a time limit: it stays open while there is nothing to tell", async () => {
  const { gateway, put } = await start({ heartbeat: 1_500 });
  await using _ = gateway;
  const dump = (await gateway.envoy.configDump()).configs as readonly ConfigDump[];
  const listener = dump.flatMap(({ dynamic_listeners = [] }) => dynamic_listeners).filter(({ name }) =>
    name === "public"
  );
  const routes = dump.flatMap(({ dynamic_route_configs = [] }) => dynamic_route_configs)
    .filter(({ route_config: { name } }) => name === "public")
    .flatMap(({ route_config }) => route_config.virtual_hosts.flatMap(({ routes }) => routes))
    .filter(({ route }) => route?.cluster === "sidecar_http");
  deepEqual([...new Set([...streamTimeouts(listener), ...streamTimeouts(routes)])].sort(), [
    ...["idle_timeout 0s", "stream_idle_timeout 0s", "timeout 0s"],
  ]);

  const reader = new EventReader(await fetch(`http://localhost:${gateway.port}/_api/views?watch`));
  await pause(4_000);
  put("late", 1);
  equal(await reader.until(1), true);
  deepEqual(reader.told, ["changed late asleep"]);
  match(reader.text, /^:$/m);
  await reader.cancel();
});

Deno.test("a client that reads nothing gets no more than buffers hold, and its place is free when the stream's time is over", async () => {
  const { gateway, quota, put, sent } = await start({ limit: 4_000 });
  await using _ = gateway;
  using client = await Deno.connect({ hostname: "127.0.0.1", port: gateway.port });
  await client.write(new TextEncoder().encode("GET /_api/views?watch HTTP/1.1\r\nhost: localhost\r\n\r\n"));
  await eventually("the stream is open", () => Promise.resolve(quota.used === 1));
  const [rounds, views, bytes] = [40, 500, 4_000];
  for (let round = 0; round < rounds; round++) {
    for (let i = 0; i < views; i++) put(`view-${i}`, bytes);
    await pause(20);
  }
  ok(sent.bytes > bytes);
  ok(sent.bytes < rounds * views * bytes / 4, `${sent.bytes} bytes are on their way`);
  await eventually("the place is free", () => Promise.resolve(quota.used === 0));
});
