/** What `--traces` adds to the demo: Zipkin, and a program beside it that takes the gateway's traces. */
import { fileURLToPath } from "node:url";
import { NODE_ADDRESS } from "../cluster/node/node_files.ts";
import { endForward, type NodeGuests } from "../cluster/node/node.ts";
import { zipkinCommand } from "../packages/zipkin.ts";
import { step } from "../process/step.ts";
import { denoProgram, localUrl, untilAnswers, untilListens } from "./demo_guest.ts";

/** Of this machine's loopback address, and of the node's. */
export const ZIPKIN_PORT = 9411;

export const ZIPKIN_URL = `http://127.0.0.1:${ZIPKIN_PORT}`;

const ZIPKIN = { hostname: "127.0.0.1", port: ZIPKIN_PORT } as const;
/** Where pods reach it: that network leads nowhere else. */
const RECEIVER = `${NODE_ADDRESS}:4318`;

const RECEIVER_MAIN = fileURLToPath(new URL("../traces/main.ts", import.meta.url));

const NAMES = { zipkin: "zipkin", receiver: "traces" } as const;

/** The settings of a gateway that sends traces there. */
export const TRACES_ENVIRONMENT: Readonly<Record<string, string>> = { TRACES_ENDPOINT: `http://${RECEIVER}` };

/** Answers the URL of Zipkin's pages. */
export async function startTraces(guests: NodeGuests, signal: AbortSignal): Promise<string> {
  const directory = guests.directory(NAMES.zipkin);
  await Deno.mkdir(directory, { recursive: true });
  const command = await zipkinCommand({ ...ZIPKIN, directory }, signal);
  await step("Starting Zipkin", async () => {
    await guests.start({ name: NAMES.zipkin, command });
    await guests.start({
      name: NAMES.receiver,
      command: denoProgram(RECEIVER_MAIN, [RECEIVER, `http://${ZIPKIN.hostname}:${ZIPKIN.port}`]),
    });
    await guests.forward(ZIPKIN_PORT, signal);
    await untilAnswers("Zipkin", localUrl(ZIPKIN_PORT, "/health"), () => guests.requireAlive(NAMES.zipkin), signal);
    await untilListens(guests, NAMES.receiver, signal);
  });
  return localUrl(ZIPKIN_PORT, "/zipkin/");
}

export async function endTraces(guests: NodeGuests): Promise<void> {
  await endForward(`127.0.0.1:${ZIPKIN_PORT}`);
  for (const name of Object.values(NAMES)) await guests.end(name);
}
