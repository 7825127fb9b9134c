import { deepEqual, ok } from "node:assert/strict";
import { costOfOne, CpuMeter } from "./cpu_meter.ts";

Deno.test("an operation's cost is what was spent beyond an idle time as long", () => {
  const found = costOfOne({ etcd: 10, kwok: 5 }, { etcd: 12, kwok: 5 }, { count: 10, seconds: 2, idle: { etcd: 0.5 } });
  deepEqual(found, { etcd: 100, kwok: 0 });
});

Deno.test("a process that did less than while idle costs nothing", () => {
  deepEqual(costOfOne({ etcd: 1 }, { etcd: 1 }, { count: 1, seconds: 1, idle: { etcd: 0.5 } }), { etcd: 0 });
});

Deno.test("work of this process is measured by its name", async () => {
  const meter = new CpuMeter({ test: Deno.pid }, new AbortController().signal);
  const { test } = await meter.costOf(1, () => {
    const until = performance.now() + 100;
    while (performance.now() < until);
    return Promise.resolve();
  });
  ok(test! > 0);
  ok((await meter.memory()).test! > 1 << 20);
});
