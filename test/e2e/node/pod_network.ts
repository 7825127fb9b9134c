/** Programs of the story in the network of a pod, as if they were the pod's own. This has to run as root on the pod's node. */
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { promisify } from "node:util";
import { processesOfPod } from "./pod_process.ts";

const execute = promisify(execFile);

/** What a connection is tried to. */
export interface Target {
  readonly address: string;
  readonly port: number;
  /** With `udp`, something there has to answer. Default: `tcp`. */
  readonly protocol?: "udp" | "tcp";
}

/** Longer than the kernel waits before it sends a first packet again. */
const LIMIT = 2_500;

// Argument: the targets as JSON. Prints which of them answer.
const TRY = `
import { connect } from "node:net";
import { createSocket } from "node:dgram";
const tried = JSON.parse(process.argv[1]).map(({ address, port, protocol }) => new Promise((resolve) => {
  setTimeout(() => resolve(false), ${LIMIT});
  if (protocol === "udp") {
    const socket = createSocket("udp4").on("message", () => resolve(true)).on("error", () => resolve(false));
    socket.connect(port, address, () => socket.send("?"));
  } else {
    connect(port, address).on("connect", () => resolve(true)).on("error", () => resolve(false));
  }
}));
console.log(JSON.stringify(await Promise.all(tried)));
process.exit();
`;

/** Which targets answer to a pod. A refusal and silence are the same. */
export async function reachableFrom(
  pod: string,
  targets: readonly Target[],
): Promise<readonly boolean[]> {
  const command = [
    "node",
    "--input-type=module",
    "--eval",
    TRY,
    JSON.stringify(targets),
  ];
  const { stdout } = await execute("nsenter", [
    await networkOf(pod),
    "--",
    ...command,
  ]);
  return JSON.parse(stdout);
}

// Arguments: address and port, method, host, path. Prints the status.
const ASK = `
import { request } from "node:http";
const [origin, method, host, path] = process.argv.slice(1);
const headers = { host, "content-type": "application/json" };
const asked = request(origin + path, { method, headers }, ({ statusCode }) => {
  console.log(statusCode);
  process.exit();
});
asked.end(method === "POST" ? JSON.stringify({ name: "stolen", subsets: [{ bucket: "lake", prefix: "" }] }) : undefined);
`;

/** The status of the answer to a request of a pod that says nothing of itself. A POST asks for a view over the whole lake. */
export async function statusFor(
  pod: string,
  { origin, method = "GET", host, path }: {
    readonly origin: string;
    readonly method?: "GET" | "POST";
    readonly host: string;
    readonly path: string;
  },
): Promise<number> {
  const command = ["node", "--input-type=module", "--eval", ASK, origin, method, host, path];
  const { stdout } = await execute("nsenter", [await networkOf(pod), "--", ...command], { timeout: 30_000 });
  return Number(stdout);
}

// Argument: the port.
const LISTEN = `
import { createServer } from "node:net";
import { createSocket } from "node:dgram";
const port = Number(process.argv[1]);
const udp = createSocket("udp4");
udp.on("message", (message, { port, address }) => udp.send(message, port, address));
udp.bind(port, () => createServer((socket) => socket.end()).listen(port, "0.0.0.0", () => console.log("listens")));
`;

/** Something that answers at a port of a pod, by TCP and UDP, until the end of the scope. */
export async function listenIn(pod: string, port: number): Promise<Disposable> {
  const command = [
    "node",
    "--input-type=module",
    "--eval",
    LISTEN,
    String(port),
  ];
  const child = spawn("nsenter", [await networkOf(pod), "--", ...command], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(child, "exit").then(([code]) => {
    throw new Error(`The listener in pod ${pod} ended with ${code}.`);
  });
  await Promise.race([once(child.stdout, "data"), ended]);
  ended.catch(() => {});
  return { [Symbol.dispose]: () => void child.kill() };
}

async function networkOf(pod: string): Promise<string> {
  const [first] = await processesOfPod(pod);
  if (first === undefined) {
    throw new Error(`This process sees none of pod ${pod}.`);
  }
  return `--net=/proc/${first}/ns/net`;
}
