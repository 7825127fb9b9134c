import { Argument, Command } from "commander";
import { CommandError } from "../../scripts/command.ts";
import { interruptible } from "../../scripts/interruptible.ts";
import { executable, withPath } from "./command_line.ts";
import * as kwok from "./kwok.ts";
import { supervise } from "./supervise.ts";

type Kind = "kwok" | "node";

const kind = () => new Argument("<cluster>", "which").choices(["kwok", "node"]);

export function program(): Command {
  const cluster = new Command("cluster").description("Starts, stops and looks at test clusters.");
  cluster.command("up").addArgument(kind()).action((_: Kind) =>
    interruptible(async (signal) => {
      console.log(`KUBECONFIG=${(await kwok.up(signal)).kubeconfig}`);
    })
  );
  cluster.command("down").addArgument(kind()).action((_: Kind) => interruptible(() => kwok.down()));
  cluster.command("run").addArgument(kind()).argument("<command...>").action((_: Kind, command: string[]) =>
    interruptible(async (signal) => {
      const [word, ...args] = command as [string, ...string[]];
      await kwok.sweep();
      const standing = await kwok.status();
      const shared = standing.cluster && standing.missing.length === 0;
      const name = shared ? "kwok" : `kwok-${Deno.pid}`;
      try {
        const { kubeconfig, bin } = await kwok.up(signal, { name, owned: !shared });
        const env = { KUBECONFIG: kubeconfig, PATH: withPath(bin) };
        Deno.exitCode = await supervise([executable(word), ...args], env, signal);
      } finally {
        if (!shared) await kwok.down(name);
      }
    })
  );
  return cluster;
}

if (import.meta.main) await program().parseAsync(Deno.args, { from: "user" });
void CommandError;
