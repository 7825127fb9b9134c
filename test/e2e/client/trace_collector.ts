import { spawn } from "node:child_process";
import { once } from "node:events";
import { networkInterfaces } from "node:os";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { environment } from "../environment.ts";

/** A span, as test/otlp/main.ts prints it. */
export interface Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly name: string;
  /** Nanoseconds since the epoch. */
  readonly start: string;
  readonly end: string;
  readonly attributes: Readonly<Record<string, string | number | boolean>>;
}

/** A collector of traces that pods of the node reach. */
export class TraceCollector implements AsyncDisposable {
  readonly endpoint: string;
  readonly spans: Span[];
  readonly #stop: () => Promise<void>;

  private constructor(endpoint: string, spans: Span[], stop: () => Promise<void>) {
    this.endpoint = endpoint;
    this.spans = spans;
    this.#stop = stop;
  }

  static async start(): Promise<TraceCollector> {
    const program = fileURLToPath(new URL("../../otlp/main.ts", import.meta.url));
    const address = Object.values(networkInterfaces()).flatMap((found) => found ?? [])
      .find(({ internal, family }) => !internal && family === "IPv4")?.address;
    if (address === undefined) throw new Error("This process has no address that pods reach.");
    const collector = spawn(environment().deno, ["run", "-A", "--no-check", program, address], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    const lines = createInterface(collector.stdout);
    const [endpoint] = await once(lines, "line");
    const spans: Span[] = [];
    lines.on("line", (line) => spans.push(JSON.parse(line)));
    return new TraceCollector(endpoint, spans, async () => {
      const ended = once(collector, "exit");
      collector.stdin.end();
      await ended;
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stop();
  }
}
