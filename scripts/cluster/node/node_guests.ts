import { join } from "node:path";
import { CommandError } from "../../process/command.ts";
import { components } from "../components.ts";
import { Processes } from "../processes/processes.ts";
import { forwardProgram, startForward } from "./node_forward.ts";
import type { NodeGuests } from "./node_kind.ts";
import { directory, inside } from "./node_world.ts";

const home = join(directory, "guests");

/** Not among the node's own processes: without one of those, the node is not up. */
const processes = new Processes(home);

/** The guests of the own node. They are in its namespace of processes, so the kernel ends them with it. */
export const ownGuests: NodeGuests = {
  directory: (name) => join(home, name),
  async start(program) {
    await processes.end(program.name);
    await Deno.remove(processes.logFile(program.name)).catch(() => {});
    await processes.start(program, { prefix: inside() });
  },
  end: (name) => processes.end(name),
  async forward(port, signal) {
    const { forward: binary } = await components(signal);
    const listen = `127.0.0.1:${port}`;
    await startForward(binary, forwardProgram(listen), listen, listen, signal);
  },
  async requireAlive(name) {
    if (processes.pid(name) !== undefined) return;
    throw new CommandError(`${name} has ended:\n${await processes.logTail(name)}`);
  },
  logTail: (name) => processes.logTail(name),
};
