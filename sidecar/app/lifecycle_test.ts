import { deepEqual, equal, rejects } from "node:assert/strict";
import { join } from "node:path";
import { aborted } from "../async/aborted.ts";
import { askOverSocket } from "../envoy/testing/http_client.ts";
import { HttpServer } from "../http/http_server.ts";
import { runParts, type SidecarPart } from "./lifecycle.ts";

const LIMITS = { drainLimit: 1_000, stopLimit: 2_000 };

/** Parts that a test watches; the pause of a limit lasts until the test passes it. */
function start(parts: (told: string[]) => readonly SidecarPart[]) {
  const told: string[] = [];
  const stop = new AbortController();
  const ending = new AbortController();
  const passes = new Map(Object.values(LIMITS).map((limit) => [limit, Promise.withResolvers<void>()]));
  ending.signal.addEventListener("abort", () => told.push("ending"));
  const running = runParts(parts(told), {
    stop: stop.signal,
    ending,
    ...LIMITS,
    pause: (milliseconds, signal) => Promise.race([passes.get(milliseconds)?.promise, aborted(signal)]),
  });
  // A test looks at the end when it gets there.
  running.catch(() => {});
  return { told, stop, running, pass: (limit: keyof typeof LIMITS) => passes.get(LIMITS[limit])?.resolve() };
}

const turn = () => new Promise((resolve) => setTimeout(resolve));
const fails = (message: string) => () => Promise.reject(new Error(message));

/** A part that says what happens to it. */
function part(name: string, told: string[], more: Partial<SidecarPart> = {}): SidecarPart {
  return {
    name,
    start: () => void told.push(`start ${name}`),
    run: async (signal) => {
      told.push(`run ${name}`);
      await aborted(signal);
    },
    drain: () => {
      told.push(`drain ${name}`);
      return Promise.resolve();
    },
    stop: () => void told.push(`stop ${name}`),
    ...more,
  };
}

Deno.test("parts start in their order; all drain, and then all stop", async () => {
  const { told, stop, running } = start((told) => [part("a", told), part("b", told)]);
  await turn();
  deepEqual(told.splice(0), ["start a", "run a", "start b", "run b"]);
  stop.abort();
  await running;
  deepEqual(told, ["drain a", "drain b", "ending", "stop a", "stop b"]);
});

Deno.test("a part that cannot start is named by its error; what comes after it does not start, and all stop", async () => {
  const { told, running } = start((told) => [
    part("a", told),
    part("b", told, { start: fails("The address is in use.") }),
    part("c", told),
  ]);
  await rejects(running, /^Error: The address is in use\.$/);
  deepEqual(told, ["start a", "run a", "ending", "stop a", "stop b", "stop c"]);
});

Deno.test("a fault in the background stops all at once, without a drain", async () => {
  const fault = Promise.withResolvers<void>();
  const { told, running } = start((told) => [part("a", told, { run: () => fault.promise }), part("b", told)]);
  await turn();
  told.splice(0);
  fault.reject(new Error("a fault"));
  await rejects(running, /^Error: a fault$/);
  deepEqual(told, ["ending", "stop a", "stop b"]);
});

Deno.test("background work that ends by the abort, or before it without an error, is no fault", async () => {
  const { stop, running } = start((told) => [
    part("a", told, { run: () => Promise.resolve() }),
    part("b", told, {
      run: async (signal) => {
        await aborted(signal);
        signal.throwIfAborted();
      },
    }),
  ]);
  await turn();
  stop.abort();
  await running;
});

Deno.test("background work that fails while it ends is reported", async () => {
  const { stop, running } = start((told) => [
    part("a", told, {
      run: async (signal) => {
        await aborted(signal);
        throw new Error("a fault");
      },
    }),
    part("b", told, {
      run: async (signal) => {
        await aborted(signal);
        throw new DOMException("The pause was aborted.", "AbortError");
      },
    }),
  ]);
  await turn();
  stop.abort();
  await rejects(running, /^Error: a fault$/);
});

Deno.test("all failures are reported, once everything has stopped", async () => {
  const { told, running } = start((told) => [
    part("a", told, { run: fails("a fault") }),
    part("b", told, { stop: fails("stuck") }),
    part("c", told, {
      stop: async () => {
        await turn();
        told.push("stop c");
      },
    }),
  ]);
  await rejects(running, ({ message, errors }: AggregateError) => {
    equal(message, "a fault; stuck");
    return errors.length === 2;
  });
  equal(told.at(-1), "stop c");
});

Deno.test("a drain that takes too long is cut off, and nothing waits for it", async () => {
  const { told, stop, running, pass } = start((told) => [
    part("a", told, {
      drain: async (signal) => {
        await aborted(signal);
        told.push("cut off");
      },
    }),
    part("b", told, { drain: () => new Promise(() => {}) }),
  ]);
  await turn();
  told.splice(0);
  stop.abort();
  await turn();
  equal(told.length, 0);
  pass("drainLimit");
  await running;
  deepEqual(told.filter((line) => !line.startsWith("stop")), ["cut off", "ending"]);
});

Deno.test("a part that does not stop is left, by its name", async () => {
  const { told, stop, running, pass } = start((told) => [
    part("watch", told, { stop: () => new Promise(() => {}) }),
    part("server", told),
  ]);
  await turn();
  stop.abort();
  await turn();
  pass("stopLimit");
  await rejects(running, /^Error: The watch did not stop within 2 s\.$/);
  equal(told.at(-1), "stop server");
});

Deno.test("no part waits for another to stop", async () => {
  const [a, b] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const meets = (own: PromiseWithResolvers<void>, other: PromiseWithResolvers<void>) => async () => {
    own.resolve();
    await other.promise;
  };
  const { stop, running } = start((
    told,
  ) => [part("a", told, { stop: meets(a, b) }), part("b", told, { stop: meets(b, a) })]);
  stop.abort();
  await running;
});

Deno.test("on a fault, what waits is answered before its server stops", async () => {
  const directory = await Deno.makeTempDir();
  try {
    const socket = join(directory, "checks.sock");
    const [listens, waits] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const fault = Promise.withResolvers<void>();
    const ending = new AbortController();
    let server: HttpServer | undefined;
    const checks: SidecarPart = {
      name: "checks",
      start: async () => {
        server = await HttpServer.onSocket(socket, async () => {
          waits.resolve();
          await aborted(ending.signal);
          return new Response("handed back");
        });
        listens.resolve();
      },
      run: () => fault.promise,
      stop: () => server?.stop(60_000),
    };
    const running = runParts([checks], {
      stop: new AbortController().signal,
      ending,
      drainLimit: 0,
      stopLimit: 60_000,
      pause: (_milliseconds, signal) => aborted(signal),
    });
    running.catch(() => {});
    await listens.promise;
    const answer = askOverSocket(socket, { host: "hello.localhost" });
    await waits.promise;
    fault.reject(new Error("a fault"));
    await rejects(running, /a fault/);
    equal((await answer).body, "handed back");
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
});
