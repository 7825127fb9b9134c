import { deepEqual, equal, ok } from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { children, identify, isAlive, statFields, stoppedStarter } from "./process_identity.ts";

const linux = { ignore: Deno.build.os !== "linux" };

Deno.test("a command's name may look like the fields after it", () => {
  const after = Array.from({ length: 17 }, (_, index) => index);
  deepEqual(statFields(`12 (a) S 1 ) b) Z 1 ${after.join(" ")} 4711 0`), { state: "Z", parent: 1, ticks: "4711" });
});

Deno.test("a process is known by its number and its start", linux, () => {
  const own = identify(Deno.pid)!;
  ok(isAlive(own));
  ok(!isAlive({ ...own, started: "another boot/1" }));
});

Deno.test("a process that has ended is not alive", linux, async () => {
  const child = new Deno.Command("sleep", { args: ["60"] }).spawn();
  const identity = identify(child.pid)!;
  ok(isAlive(identity));
  child.kill("SIGKILL");
  await child.status;
  equal(isAlive(identity), false);
});

Deno.test(
  "a process that nobody has waited for is not alive, though it is still its parent's child",
  linux,
  async () => {
    const parent = new Deno.Command("sh", { args: ["-c", "sleep 60 & exec sleep 60"] }).spawn();
    try {
      let pid: number | undefined;
      while ((pid = children(parent.pid)[0]) === undefined) await delay(5);
      const identity = identify(pid)!;
      Deno.kill(pid, "SIGKILL");
      while (isAlive(identity)) await delay(5);
      deepEqual(children(parent.pid), [pid]);
    } finally {
      parent.kill("SIGKILL");
      await parent.status;
    }
  },
);

Deno.test("a starter that is stopped is found, and one that runs is left alone", linux, async () => {
  const starter = new Deno.Command("unshare", { args: ["--fork", "sleep", "60"], stderr: "null" }).spawn();
  let pid: number | undefined;
  try {
    while ((pid = children(starter.pid)[0]) === undefined) await delay(5);
    equal(stoppedStarter(pid), undefined);
    starter.kill("SIGSTOP");
    while (stoppedStarter(pid) !== starter.pid) await delay(5);
  } finally {
    if (pid !== undefined) Deno.kill(pid, "SIGKILL");
    starter.kill("SIGCONT");
    await starter.status;
  }
});
