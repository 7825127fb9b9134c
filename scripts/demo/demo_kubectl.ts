/** kubectl for the cluster of `demo`, whose KUBECONFIG and whose kubectl no user needs to look for. */
import { withPath } from "../process/command_line.ts";
import { nodeStatus } from "../cluster/node/node.ts";
import { supervise } from "../process/supervise.ts";
import { interruptible } from "../process/interruptible.ts";
import { kubectlFor } from "../deploy/kubectl.ts";
import { MissingError } from "../needs/missing_error.ts";
import { taskCommand } from "../process/task_command.ts";

await interruptible(async (signal) => {
  const { cluster } = await nodeStatus();
  if (cluster === undefined) {
    throw new MissingError(`The demo's cluster is not up. Start it: \`${taskCommand("demo")}\`.`);
  }
  const { command } = kubectlFor(cluster);
  const env = { KUBECONFIG: cluster.kubeconfig, PATH: withPath(cluster.bin) };
  Deno.exitCode = await supervise([command, ...Deno.args], env, signal);
});
