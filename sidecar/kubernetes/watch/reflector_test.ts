import { deepEqual, equal, match, ok } from "node:assert/strict";
import type { KubeConfig } from "@kubernetes/client-node";
import type { ServiceObject } from "../../view/objects.ts";
import { Prober } from "../prober.ts";
import { Reflector, type ReflectorOptions, type Timing } from "./reflector.ts";
import { services as servicesWithin } from "./watched_resource.ts";
import { leaseBounds } from "../../view/testing/lease_bounds.ts";
import { clusterTest, type Namespace } from "../testing/namespace.ts";
import { faultProxy, type Intercept, isWatch } from "../testing/fault_proxy.ts";
import { tcpForwarder } from "../testing/tcp_forwarder.ts";
import { Transport } from "../transport.ts";
import type { Jsonify } from "./trim.ts";

/** Short enough for a test, long enough for a machine that is busy. */
const patient: Partial<Timing> = { watch: 60_000 };
const nobody = { onSilence: () => () => undefined };

const services = servicesWithin(leaseBounds);
type Raw = Parameters<typeof services.trim>[0];

interface Following extends AsyncDisposable {
  readonly reflector: Reflector<Raw, ServiceObject>;
  /** What was told, such as `+a`, `~a` and `-a`. */
  readonly told: string[];
  readonly troubles: string[];
  readonly held: ReadonlyMap<string, ServiceObject>;
  /** Resolves once the condition holds; it is looked at after each change and each trouble. */
  until(what: string, condition: () => boolean): Promise<void>;
}

async function follow(
  { name, signal }: Namespace,
  load: () => KubeConfig,
  options: Partial<ReflectorOptions<Raw, ServiceObject>> = {},
): Promise<Following> {
  const stop = new AbortController();
  signal.addEventListener("abort", () => stop.abort());
  const told: string[] = [];
  const troubles: string[] = [];
  const held = new Map<string, ServiceObject>();
  const transport = new Transport(load);
  const reflector = new Reflector<Raw, ServiceObject>({
    transport,
    resource: services,
    namespace: name,
    selector: "view.yolean.se/name",
    prober: nobody,
    timing: patient,
    onChange: (view, before, after) => {
      told.push(`${before === undefined ? "+" : after === undefined ? "-" : "~"}${view}`);
      if (after === undefined) held.delete(view);
      else held.set(view, after);
    },
    onTrouble: (message, error) => troubles.push(error === undefined ? message : `${message}: ${error}`),
    ...options,
  });
  const running = reflector.run(stop.signal);
  const until = async (what: string, condition: () => boolean) => {
    const began = performance.now();
    while (!condition()) {
      if (performance.now() - began > 20_000) {
        throw new Error(`Waited 20 s until ${what}; told: ${told.join(" ")}; troubles: ${troubles.join("; ")}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  };
  await until("the first list", () => reflector.state === "watching" || troubles.length > 0);
  return {
    reflector,
    told,
    troubles,
    held,
    until,
    async [Symbol.asyncDispose]() {
      stop.abort();
      await running;
      transport.close();
    },
  };
}

async function proxied(namespace: Namespace, intercept: Intercept) {
  return await faultProxy(namespace.load(), intercept);
}

clusterTest("it lists all pages and then tells of each change", async (namespace) => {
  for (const name of ["a", "b", "c", "d", "e"]) await namespace.createService(name);
  await using following = await follow(namespace, namespace.load, { pageSize: 2 });
  deepEqual(following.told, ["+a", "+b", "+c", "+d", "+e"]);
  await namespace.annotate("c", "changed");
  await namespace.deleteService("b");
  await namespace.createService("f");
  await following.until("all is told", () => following.held.has("f"));
  deepEqual(following.told.slice(5), ["~c", "-b", "+f"]);
  match(JSON.stringify(following.held.get("c")?.spec), /changed/);
  equal(following.reflector.counters.lists, 1);
  equal(following.reflector.size, 5);
});

clusterTest("objects without the label are not heard of, and one that loses it is gone", async (namespace) => {
  await namespace.createService("other", { metadata: { name: "other" } });
  await namespace.createService("view");
  await using following = await follow(namespace, namespace.load);
  await namespace.call("PUT", "api/v1/services/view", {
    metadata: { name: "view" },
    spec: { clusterIP: "None", ports: [{ name: "http", port: 80 }] },
  });
  await following.until("it is gone", () => !following.held.has("view"));
  deepEqual(following.told, ["+view", "-view"]);
});

clusterTest("the API server ends healthy watches: the next goes on from there, without a list", async (namespace) => {
  await using following = await follow(namespace, namespace.load, { timing: { watch: 1_000 } });
  await following.until("three watches", () => following.reflector.counters.watches >= 3);
  await namespace.createService("a");
  await following.until("it is told", () => following.held.has("a"));
  equal(following.reflector.counters.lists, 1);
  deepEqual(following.troubles, []);
});

clusterTest("given 410 as the answer to a watch, it lists again and tells what it missed", async (namespace) => {
  let watches = 0;
  await using proxy = await proxied(namespace, async (url, forward) => {
    if (!isWatch(url) || ++watches !== 2) return await forward(url);
    await namespace.deleteService("a");
    await namespace.createService("c");
    return Response.json({ kind: "Status", code: 410, reason: "Expired", message: "too old" }, { status: 410 });
  });
  await namespace.createService("a");
  await namespace.createService("b");
  await using following = await follow(namespace, proxy.load, { timing: { watch: 1_000 } });
  await following.until("it is in step", () => following.held.has("c"));
  deepEqual(following.told, ["+a", "+b", "+c", "-a"]);
  equal(following.reflector.counters.lists, 2);
});

clusterTest("given the API server's own 410, as an event of a watch, it lists again", async (namespace) => {
  let watches = 0;
  let answer = 0;
  await using proxy = await proxied(namespace, async (url, forward) => {
    if (isWatch(url) && ++watches === 2) {
      url.searchParams.set("resourceVersion", "1");
      const response = await forward(url);
      answer = response.status;
      return response;
    }
    return await forward(url);
  });
  await using following = await follow(namespace, proxy.load, { timing: { watch: 1_000 } });
  await following.until("a second list", () => following.reflector.counters.lists === 2);
  equal(answer, 200);
  match(following.troubles.join(), /too old resource version: 1 /);
  await namespace.createService("a");
  await following.until("it is told", () => following.held.has("a"));
});

clusterTest(
  "given a connection that is cut within a line, nothing is lost and nothing told twice",
  async (namespace) => {
    let watches = 0;
    let halves = 0;
    await using proxy = await proxied(namespace, async (url, forward) => {
      const response = await forward(url);
      if (!isWatch(url) || ++watches > 3) return response;
      return new Response(response.body?.pipeThrough(untilHalfOfSecondLine(() => halves++)), response);
    });
    await using forwarder = tcpForwarder(proxy.load());
    await using following = await follow(namespace, forwarder.load);
    const names = Array.from({ length: 12 }, (_, i) => `view-${String(i).padStart(2, "0")}`);
    let cuts = 0;
    for (const name of names) {
      await namespace.createService(name);
      if (cuts === 3) continue;
      await following.until("the line's half, or the line", () => halves > cuts || following.held.has(name));
      if (halves === cuts) continue;
      cuts++;
      forwarder.cut();
      await following.until("the next watch", () => watches > cuts && following.reflector.state === "watching");
    }
    await following.until("all are told", () => following.held.size === names.length);
    deepEqual(following.told, names.map((name) => `+${name}`));
    equal(cuts, 3);
    equal(following.reflector.counters.lists, 1);
    equal(following.reflector.counters.failures, 3);
  },
);

clusterTest("given lines that are no events, it goes on from the last good one", async (namespace) => {
  let watches = 0;
  await using proxy = await proxied(namespace, async (url, forward) => {
    if (!isWatch(url) || ++watches > 2) return await forward(url);
    return new Response("<html>Not a watch</html>\n");
  });
  await using following = await follow(namespace, proxy.load);
  await namespace.createService("a");
  await following.until("it is told", () => following.held.has("a"));
  equal(following.reflector.counters.lists, 1);
});

clusterTest("given 429 and 5xx, it asks again, more and more slowly, until it gets through", async (namespace) => {
  const statuses = [429, 500, 503, 504];
  const seen: string[] = [];
  await using proxy = await proxied(namespace, async (url, forward) => {
    const status = statuses.shift();
    if (status === undefined) return await forward(url);
    seen.push(isWatch(url) ? "watch" : "list");
    return new Response("storage is (re)initializing", { status, headers: { "retry-after": "0" } });
  });
  await namespace.createService("a");
  await using following = await follow(namespace, proxy.load);
  await following.until("it is in step", () => following.held.has("a"));
  equal(seen.length, 4);
  equal(following.reflector.counters.failures, 4);
});

clusterTest(
  "a view deleted and created anew while nobody listened is one that went and one that came",
  async (namespace) => {
    let watches = 0;
    let uid = "";
    await using proxy = await proxied(namespace, async (url, forward) => {
      if (!isWatch(url) || ++watches !== 2) return await forward(url);
      await namespace.deleteService("a");
      uid = await namespace.createService("a");
      return new Response("", { status: 410 });
    });
    const before = await namespace.createService("a");
    await using following = await follow(namespace, proxy.load, { timing: { watch: 1_000 } });
    equal(following.held.get("a")?.uid, before);
    await following.until("it is in step", () => following.held.get("a")?.uid === uid);
    deepEqual(following.told, ["+a", "-a", "+a"]);
  },
);

clusterTest("a page that expires within a list begins the list anew", async (namespace) => {
  let expired = false;
  await using proxy = await proxied(namespace, async (url, forward) => {
    if (expired || !url.searchParams.has("continue")) return await forward(url);
    expired = true;
    return Response.json({ kind: "Status", code: 410, reason: "Expired", message: "continue is too old" }, {
      status: 410,
    });
  });
  for (const name of ["a", "b", "c"]) await namespace.createService(name);
  await using following = await follow(namespace, proxy.load, { pageSize: 2 });
  await following.until("it is in step", () => following.held.size === 3);
  deepEqual(following.told, ["+a", "+b", "+c"]);
  equal(following.reflector.counters.lists, 2);
});

clusterTest(
  "given a resourceVersion from the future, as after a restored etcd, it finds out and lists again",
  async (namespace) => {
    let lists = 0;
    await using proxy = await proxied(namespace, async (url, forward) => {
      const response = await forward(url);
      if (isWatch(url) || ++lists > 1) return response;
      const list = await response.json();
      list.metadata.resourceVersion = String(Number(list.metadata.resourceVersion) + 1e9);
      return Response.json(list);
    });
    await using following = await follow(namespace, proxy.load, { timing: { watch: 1_000 } });
    await namespace.createService("a");
    await following.until("it is in step", () => following.held.has("a"));
    equal(following.reflector.counters.lists, 2);
    match(following.troubles.join(), /older than what it told before/);
  },
);

clusterTest("an object that cannot be read harms itself alone", async (namespace) => {
  const trim = (raw: Jsonify<Raw>) => {
    if (raw.metadata?.name === "broken") throw new TypeError("It has no meaning.");
    return services.trim(raw as Raw);
  };
  for (const name of ["a", "broken", "c"]) await namespace.createService(name);
  await using following = await follow(namespace, namespace.load, { resource: { ...services, trim } });
  await namespace.annotate("broken", "still");
  await namespace.createService("d");
  await following.until("the others are told", () => following.held.has("d"));
  deepEqual(following.told, ["+a", "+c", "+d"]);
  equal(following.reflector.counters.unreadable, 2);
  match(following.troubles.join(), /Cannot read services\/broken/);
});

clusterTest(
  "given an API server that falls silent, the probe notices and it is in step soon after",
  async (namespace) => {
    await using forwarder = tcpForwarder(namespace.load());
    const transport = new Transport(forwarder.load);
    const prober = new Prober({
      probe: async (signal) => void await transport.call({ method: "GET", path: "/readyz", limit: 500 }, signal),
      interval: 200,
      now: () => performance.now(),
    });
    const stop = new AbortController();
    const probing = prober.run(stop.signal);
    const timing = { watch: 600_000, connect: 1_000, page: 1_000 };
    await using following = await follow(namespace, forwarder.load, { prober, timing });
    forwarder.silence();
    await namespace.createService("a");
    await following.until("it is noticed", () => following.troubles.length > 0);
    equal(prober.reachable, false);
    equal(following.held.has("a"), false);
    forwarder.restore();
    await following.until("it is in step", () => following.held.has("a"));
    equal(following.reflector.counters.lists, 1);
    stop.abort();
    await probing;
    transport.close();
  },
);

clusterTest(
  "given a watch that alone falls silent, it is given up once the API server should have ended it",
  async (namespace) => {
    await using forwarder = tcpForwarder(namespace.load());
    const timing = { watch: 1_000, grace: 1_000, connect: 1_000, page: 1_000 };
    await using following = await follow(namespace, forwarder.load, { timing });
    forwarder.silence();
    forwarder.restore();
    await namespace.createService("a");
    await following.until("it is in step", () => following.held.has("a"));
    match(following.troubles.join(), /time limit/);
    equal(following.reflector.counters.lists, 1);
  },
);

clusterTest("given connections that are reset again and again, it goes on", async (namespace) => {
  await using forwarder = tcpForwarder(namespace.load());
  await using following = await follow(namespace, forwarder.load);
  for (let i = 0; i < 5; i++) {
    forwarder.cut();
    await namespace.createService(`view-${i}`);
    await following.until("it is told", () => following.held.has(`view-${i}`));
  }
  equal(following.reflector.counters.lists, 1);
  ok(following.reflector.lastHeardAt! > performance.now() - 5_000);
});

/** Passes the first line and half of the second, and nothing after. */
function untilHalfOfSecondLine(onHalf: () => void): TransformStream<Uint8Array, Uint8Array> {
  let seen = 0;
  return new TransformStream({
    transform(chunk, controller) {
      if (seen >= 2) return;
      for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, end + 1)) {
        if (++seen < 2) continue;
        controller.enqueue(chunk.subarray(0, Math.floor(end / 2)));
        onHalf();
        return;
      }
      controller.enqueue(chunk);
    },
  });
}
