/** kubectl for the cluster of `demo`, whose KUBECONFIG and whose kubectl no user needs to look for. */
import { withPath } from "../test/cluster/command_line.ts";
import * as node from "../test/cluster/node.ts";
import { supervise } from "../test/cluster/supervise.ts";
import { interruptible } from "./interruptible.ts";
import { kubectlFor } from "./kubectl.ts";
import { MissingError } from "./missing.ts";
import { taskCommand } from "./task_command.ts";

await interruptible(async (signal) => {
  const { cluster } = await node.status();
  if (cluster === undefined) {
    throw new MissingError(`The demo's cluster is not up. Start it: \`${taskCommand("demo")}\`.`);
  }
  const { command } = kubectlFor(cluster);
  const env = { KUBECONFIG: cluster.kubeconfig, PATH: withPath(cluster.bin) };
  Deno.exitCode = await supervise([command, ...Deno.args], env, signal);
});
