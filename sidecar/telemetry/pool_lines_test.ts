import { deepEqual } from "node:assert/strict";
import { keepLog } from "../testing/kept_log.ts";
import type { WarmPool } from "../view/pool_job.ts";
import { poolJobObject } from "../view/testing/pool_objects.ts";
import { logPoolEvent, logPoolTrouble, logPoolWritten } from "./pool_lines.ts";

const job = poolJobObject({ name: "warm" });
const create = { kind: "create", pool: {} as WarmPool, name: "warm" } as const;
const renew = { kind: "renew", job, from: 1, to: 2 } as const;
const stop = { kind: "stop", job } as const;
const refused = { kind: "refused", cause: { reason: "Forbidden", message: "not you" } } as const;
const unavailable = { kind: "unavailable", message: "connection refused" } as const;

/** What is logged while `act` runs, each line as `LEVEL: message`. */
async function logged(act: () => void): Promise<readonly string[]> {
  await using log = await keepLog();
  act();
  return log.lines().map((line) => JSON.parse(line)).map(({ level, message }) =>
    `${level}: ${message.replaceAll('"', "")}`
  );
}

Deno.test("writes are logged, and what another gateway did first is not", async () => {
  const lines = await logged(() => {
    logPoolWritten({ step: create, outcome: { kind: "created", uid: "1" } });
    logPoolWritten({ step: create, outcome: { kind: "exists" } });
    logPoolWritten({ step: renew, outcome: { kind: "renewed" } });
    logPoolWritten({ step: renew, outcome: { kind: "lost" } });
    logPoolWritten({ step: stop, outcome: { kind: "renewed" } });
    logPoolWritten({ step: create, outcome: refused });
    logPoolWritten({ step: renew, outcome: unavailable });
    logPoolWritten({ step: stop, outcome: unavailable });
  });
  deepEqual(lines, [
    "INFO: Warm pool warm is created",
    "DEBUG: The lease of warm pool warm is renewed",
    "INFO: Warm pool warm gets no more pods",
    "WARN: Warm pool warm cannot be created: not you",
    "WARN: The lease of warm pool warm cannot be renewed: connection refused",
    "WARN: Warm pool warm, whose pods keep ending, cannot be stopped: connection refused",
  ]);
});

Deno.test("a pool that lacks pods is logged with the cause, and so is an Event that could not be written", async () => {
  const cause = { reason: "Error", message: "exit code 1" };
  const lines = await logged(() => {
    logPoolTrouble({ job, stopped: true, cause });
    logPoolTrouble({ job, stopped: false, cause });
    logPoolEvent(job, { kind: "written" });
    logPoolEvent(job, { kind: "dropped" });
    logPoolEvent(job, refused);
    logPoolEvent(job, unavailable);
  });
  deepEqual(lines, [
    "WARN: Views of template duckdb start cold, as the pods of warm pool warm keep ending: exit code 1",
    "WARN: Warm pool warm of template duckdb lacks pods: Error: exit code 1",
    "WARN: No Event tells of warm pool warm: there were too many lately",
    "WARN: No Event tells of warm pool warm: not you",
    "WARN: No Event tells of warm pool warm: connection refused",
  ]);
});
