import { deepEqual, equal, ok, rejects } from "node:assert/strict";
import { KubeConfig } from "@kubernetes/client-node";
import { generate } from "selfsigned";
import { KubernetesError } from "./kubernetes_error.ts";
import { lines } from "./watch/lines.ts";
import { plain } from "./testing/fault_proxy.ts";
import { Transport } from "./transport.ts";

const endless = new AbortController().signal;
const get = (path = "/", limit = 10_000) => ({ method: "GET", path, limit });

function serve(handler: (request: Request) => Response | Promise<Response>) {
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => undefined }, handler);
  return { url: `http://127.0.0.1:${server.addr.port}`, [Symbol.asyncDispose]: () => server.shutdown() };
}

Deno.test("a response other than 2xx is an error with Kubernetes' message", async () => {
  const status = { kind: "Status", code: 409, reason: "AlreadyExists", message: 'jobs "a" already exists' };
  await using server = serve(() => Response.json(status, { status: 409 }));
  const transport = new Transport(() => plain(server.url));
  await rejects(transport.call(get(), endless), (error) => {
    ok(error instanceof KubernetesError);
    deepEqual([error.kind, error.status, error.message], ["AlreadyExists", 409, 'jobs "a" already exists']);
    return true;
  });
  transport.close();
});

Deno.test("a missing server is Unreachable", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  const transport = new Transport(() => plain(`http://127.0.0.1:${port}`));
  await rejects(transport.call(get(), endless), { kind: "Unreachable", message: /Connection refused/ });
  await rejects(transport.watch("/", endless), { kind: "Unreachable" });
  transport.close();
});

Deno.test("a call that takes too long is a Timeout, and the next call opens another connection", async () => {
  const ports = new Set<number>();
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => undefined },
    (request, { remoteAddr }) => {
      ports.add((remoteAddr as Deno.NetAddr).port);
      if (new URL(request.url).pathname !== "/slow") return new Response("ok");
      const body = new ReadableStream({ start: (controller) => controller.enqueue(new TextEncoder().encode("half")) });
      return new Response(body);
    },
  );
  const transport = new Transport(() => plain(`http://127.0.0.1:${server.addr.port}`));
  await transport.call(get(), endless);
  await transport.call(get(), endless);
  equal(ports.size, 1);
  await rejects(transport.call(get("/slow", 200), endless), { kind: "Timeout", message: /within 0.2 s/ });
  await transport.call(get(), endless);
  equal(ports.size, 2);
  transport.close();
  await server.shutdown();
});

Deno.test("closing the shared connection does not affect its pending calls", async () => {
  const { promise: release, resolve } = Promise.withResolvers<void>();
  await using server = serve(async () => {
    await release;
    return new Response("ok");
  });
  const transport = new Transport(() => plain(server.url));
  const slow = transport.call(get("/slow"), endless);
  await rejects(transport.call(get("/never", 100), endless), { kind: "Timeout" });
  resolve();
  equal((await slow).text, "ok");
  transport.close();
});

Deno.test("an aborted call throws the signal's reason", async () => {
  const reason = new Error("The client hung up.");
  const caller = new AbortController();
  const { promise: release, resolve } = Promise.withResolvers<void>();
  await using server = serve(async () => {
    caller.abort(reason);
    await release;
    return new Response("late");
  });
  const transport = new Transport(() => plain(server.url));
  await rejects(transport.call(get(), caller.signal), reason);
  resolve();
  await rejects(transport.call(get(), AbortSignal.abort(reason)), reason);
  transport.close();
});

Deno.test("an unfinished response ends with its signal or its limit, and the server notices", async () => {
  const dropped: Promise<void>[] = [];
  await using server = serve((request) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    dropped.push(promise);
    const half = new TextEncoder().encode('{"kind": "Se');
    const body = new ReadableStream({ start: (controller) => controller.enqueue(half), cancel: () => resolve() });
    return new Response(body, { status: Number(new URL(request.url).searchParams.get("status")) });
  });
  const transport = new Transport(() => plain(server.url));
  for (const status of [200, 500]) {
    const path = `/?status=${status}`;
    const caller = new AbortController();
    const reason = new Error("The sidecar stops.");
    const calling = transport.call(get(path), caller.signal);
    // By then it reads the body.
    setTimeout(() => caller.abort(reason), 100);
    const began = performance.now();
    await rejects(calling, reason);
    ok(performance.now() - began < 2_000);
    await rejects(transport.call(get(path, 100), endless), { kind: "Timeout" });
  }
  equal(dropped.length, 4);
  await Promise.all(dropped);
  transport.close();
});

Deno.test("a connection that breaks within a body is Unreachable", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const serving = (async () => {
    using connection = await listener.accept();
    await connection.read(new Uint8Array(4096));
    await connection.write(new TextEncoder().encode("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf"));
  })();
  const transport = new Transport(() => plain(`http://127.0.0.1:${listener.addr.port}`));
  await rejects(transport.call(get(), endless), { kind: "Unreachable" });
  await serving;
  listener.close();
  transport.close();
});

Deno.test("after 401 the configuration is loaded again, once", async () => {
  let wanted = "Bearer first";
  const seen: (string | null)[] = [];
  await using server = serve((request) => {
    seen.push(request.headers.get("authorization"));
    return new Response("", { status: seen.at(-1) === wanted ? 200 : 401 });
  });
  let token = "first";
  const transport = new Transport(() => {
    const config = new KubeConfig();
    config.loadFromClusterAndUser({ name: "c", server: server.url, skipTLSVerify: true }, { name: "u", token });
    return config;
  });
  await transport.call(get(), endless);
  [wanted, token] = ["Bearer second", "second"];
  await transport.call(get(), endless);
  await (await transport.watch("/", endless)).close();
  wanted = "Bearer third";
  await rejects(transport.call(get(), endless), { kind: "Unauthorized" });
  deepEqual(seen, ["first", "first", "second", "second", "second", "second"].map((token) => `Bearer ${token}`));
  transport.close();
});

Deno.test("a silent watch's body fails when its signal aborts", async () => {
  const encoder = new TextEncoder();
  await using server = serve(() =>
    new Response(new ReadableStream({ start: (controller) => controller.enqueue(encoder.encode("one\ntwo\nhal")) }))
  );
  const transport = new Transport(() => plain(server.url));
  const stop = new AbortController();
  const { body, close } = await transport.watch("/", stop.signal);
  const seen: string[] = [];
  const reading = (async () => {
    for await (const found of lines(body)) {
      seen.push(...found);
      // The next read has begun by then.
      if (seen.length === 2) setTimeout(() => stop.abort(new Error("enough")));
    }
  })();
  await rejects(reading, /enough/);
  await close();
  deepEqual(seen, ["one", "two"]);
  transport.close();
});

Deno.test("with a server that sends GOAWAY every call succeeds and the watch continues", async () => {
  const { cert, private: key } = await generate([{ name: "commonName", value: "goaway" }], {
    algorithm: "sha256",
    extensions: [{ name: "subjectAltName", altNames: [{ type: 7, ip: "127.0.0.1" }] }],
  });
  const node = new Deno.Command("node", {
    args: [new URL("./testing/goaway_server.mjs", import.meta.url).pathname],
    env: { CERT: cert, KEY: key },
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const output = lines(node.stdout);
  const line = async () => {
    for (;;) {
      const { value, done } = await output.next();
      if (done || value[0] !== undefined) return value?.[0];
    }
  };
  const server = `https://127.0.0.1:${await line()}`;
  const transport = new Transport(() => {
    const config = new KubeConfig();
    config.loadFromClusterAndUser({ name: "c", server, caData: btoa(cert), skipTLSVerify: false }, { name: "u" });
    return config;
  });
  const stop = new AbortController();
  const stream = await transport.watch("/?watch=true", stop.signal);
  let events = 0;
  const watching = (async () => {
    for await (const found of lines(stream.body)) events += found.length;
  })();
  const failures: string[] = [];
  const call = async () => {
    for (let i = 0; i < 500; i++) {
      await transport.call(get(), endless).catch((error) => failures.push(String(error)));
    }
  };
  await Promise.all(Array.from({ length: 4 }, call));
  const before = events;
  for (const until = performance.now() + 10_000; events === before;) {
    ok(performance.now() < until, "the watch has stopped");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  stop.abort(new Error("enough"));
  await rejects(watching, /enough/);
  await stream.close();
  transport.close();
  await node.stdin.close();
  const { calls, goaways } = JSON.parse(await line() ?? "{}");
  await output.return(undefined);
  await node.status;
  deepEqual(failures, []);
  ok(calls >= 2_000, `${calls} calls`);
  ok(goaways >= 150, `${goaways} times GOAWAY`);
});
