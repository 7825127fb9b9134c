import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Resource } from "../../../sidecar/proto/resource.ts";
import { LineProcess } from "./line_process.ts";

/** One resource, as files and standard input have it; an empty object asks for the status. */
export interface Line {
  readonly type: string;
  readonly name: string;
  /** Base64. */
  readonly body: string;
}

/** An event that an xDS server reports on standard output. */
export interface AdsEvent {
  /**
   * `loaded`: the client has ACKed, or already had, all resources. Time: since it opened its stream.
   * `acked`: the client has ACKed the last change. Time: since that change.
   */
  readonly event: "listening" | "loaded" | "acked" | "status" | "refused";
  readonly milliseconds?: number;
  /** How many resources the server has sent so far. */
  readonly sent: number;
  readonly message?: string;
}

/** An xDS server in a process of its own, ours or the peer's. */
export class AdsProcess implements AsyncDisposable {
  readonly #process: LineProcess;
  readonly #signal: AbortSignal;

  private constructor(process: LineProcess, signal: AbortSignal) {
    this.#process = process;
    this.#signal = signal;
  }

  static async start(
    command: readonly [string, ...string[]],
    socket: string,
    file: string,
    signal: AbortSignal,
  ): Promise<AdsProcess> {
    const [program, ...args] = command;
    const server = new AdsProcess(new LineProcess(program, [...args, socket, file]), signal);
    try {
      await server.#heard("listening");
      return server;
    } catch (error) {
      await server.stop();
      throw error;
    }
  }

  get pid(): number {
    return this.#process.pid;
  }

  /** Milliseconds and resources of Envoy's first load, or of its load after a reconnect. */
  async loaded(): Promise<{ readonly milliseconds: number; readonly sent: number }> {
    const { milliseconds = NaN, sent } = await this.#heard("loaded");
    return { milliseconds, sent };
  }

  /** Milliseconds from a change to Envoy's ACK. */
  async change(resource: Resource): Promise<number> {
    await this.#process.say(JSON.stringify(lineOf(resource)));
    return (await this.#heard("acked")).milliseconds ?? NaN;
  }

  async sent(): Promise<number> {
    await this.#process.say("{}");
    return (await this.#heard("status")).sent;
  }

  async #heard(event: AdsEvent["event"]): Promise<AdsEvent> {
    while (true) {
      const heard: AdsEvent = JSON.parse(await this.#process.line(this.#signal));
      if (heard.event === event) return heard;
      if (heard.event === "refused") throw new Error(`Envoy refuses a resource: ${heard.message}`);
    }
  }

  stop(): Promise<void> {
    return this.#process.stop();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }
}

/** The command of our server. */
export const ourAds: readonly [string, ...string[]] = [
  Deno.execPath(),
  ...["run", "--no-check", "-A", fileURLToPath(new URL("../servers/ads.ts", import.meta.url))],
];

export function peerAds(programs: string): readonly [string, ...string[]] {
  return [join(programs, "ads")];
}

export async function writeResources(file: string, resources: readonly Resource[]): Promise<void> {
  const lines = resources.map((resource) => `${JSON.stringify(lineOf(resource))}\n`);
  await Deno.writeTextFile(file, lines.join(""));
}

function lineOf({ type, name, body }: Resource): Line {
  return { type, name, body: body.toBase64() };
}
