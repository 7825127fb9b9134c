import { deepEqual, match, throws } from "node:assert/strict";
import type { CommanderError } from "commander";
import { program } from "./main.ts";

function parse(...args: string[]): { args: unknown[]; options: object } {
  const cluster = program();
  let seen: { args: unknown[]; options: object } | undefined;
  for (const command of cluster.commands) {
    command.exitOverride().configureOutput({ writeErr: () => undefined });
    command.action((...given) => {
      const own = given.pop();
      seen = { options: given.pop(), args: given };
      return own;
    });
  }
  cluster.exitOverride().configureOutput({ writeErr: () => undefined }).parse(args, { from: "user" });
  return seen!;
}

Deno.test("what follows -- is the command, with its own options", () => {
  deepEqual(parse("run", "node", "--outside", "--", "deno", "test", "--parallel", "--help").args, [
    "node",
    ["deno", "test", "--parallel", "--help"],
  ]);
  deepEqual(parse("run", "node", "--outside", "--", "a").options, { outside: true });
});

Deno.test("up, down and status name a cluster, or mean both", () => {
  deepEqual(parse("up", "node", "--restart-backoff", "1s"), { args: ["node"], options: { restartBackoff: "1s" } });
  deepEqual(parse("up").args, ["kwok"]);
  deepEqual(parse("down").args, [undefined]);
  deepEqual(parse("status", "kwok").args, ["kwok"]);
});

Deno.test("what cannot be meant is refused with the reason", () => {
  throws(() => parse("up", "minikube"), (error: CommanderError) => {
    match(error.message, /Allowed choices are kwok, node/);
    return true;
  });
  for (const duration of ["0s", "301s", "1m", "soon"]) {
    throws(() => parse("up", "node", "--restart-backoff", duration), /must be from 1s to 300s/);
  }
  throws(() => parse("run", "kwok", "deno", "test", "--parallel"), /unknown option '--parallel'/);
  throws(() => parse("run", "kwok"), /missing required argument 'command'/);
});
