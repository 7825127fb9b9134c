/** Runs the example's OpenID Connect provider for a test. */
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { type Certified, certifiedBy } from "../../sidecar/testing/certified.ts";
import { PEOPLE, type People } from "../../example/provider/people.ts";
import { freePort } from "../../scripts/process/free_port.ts";

export { PEOPLE };

const program = fileURLToPath(new URL("../../example/provider/main.ts", import.meta.url));

export const CLIENT = { id: "view-gateway", secret: "secret of a test" } as const;

export interface ProviderProcessOptions {
  /** Where the issuer sends people back to. */
  readonly redirectUris: readonly string[];
  /** The certificate with which it serves https. */
  readonly certified?: Certified;
  /** The host in the issuer's URL; it listens on 127.0.0.1. */
  readonly host?: string;
  /** The issuer's URL, where it is not that of host and port. */
  readonly issuer?: string;
  readonly port?: number;
}

/** A running issuer. `await using issuer = await ProviderProcess.start({ … });` */
export class ProviderProcess implements AsyncDisposable {
  readonly issuer: string;
  readonly port: number;
  readonly #process: Deno.ChildProcess;
  readonly #directory: string;
  readonly #reading: Promise<void>;
  #log = "";
  #ended = false;

  private constructor(issuer: string, port: number, process: Deno.ChildProcess, directory: string) {
    this.issuer = issuer;
    this.port = port;
    this.#process = process;
    this.#directory = directory;
    this.#reading = Promise.all([process.stdout, process.stderr].map((stream) => this.#collect(stream))).then(() => {});
    process.status.then(() => this.#ended = true);
  }

  static async start(options: ProviderProcessOptions): Promise<ProviderProcess> {
    const { redirectUris, certified, host = "localhost", port = freePort() } = options;
    const directory = await Deno.makeTempDir({ prefix: "issuer-" });
    const issuer = options.issuer ?? `${certified === undefined ? "http" : "https"}://${host}:${port}`;
    if (certified !== undefined) await certifiedBy(certified, directory);
    await Deno.writeTextFile(join(directory, "people.json"), JSON.stringify(PEOPLE));
    const process = new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--no-check", "--quiet", program],
      env: {
        ISSUER: issuer,
        LISTEN_ADDRESS: "127.0.0.1",
        LISTEN_PORT: String(port),
        CLIENT_ID: CLIENT.id,
        CLIENT_SECRET: CLIENT.secret,
        REDIRECT_URIS: redirectUris.join(" "),
        PEOPLE_FILE: join(directory, "people.json"),
        ...certified !== undefined && { TLS_DIRECTORY: directory },
      },
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    const provider = new ProviderProcess(issuer, port, process, directory);
    try {
      await provider.#untilListening();
      return provider;
    } catch (error) {
      await provider[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Changes who there is, from the next question on. */
  async setPeople(people: People): Promise<void> {
    await Deno.writeTextFile(join(this.#directory, "people.json"), JSON.stringify(people));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#ended) this.#process.kill("SIGKILL");
    await this.#process.status;
    await this.#reading;
    await Deno.remove(this.#directory, { recursive: true });
  }

  async #untilListening(): Promise<void> {
    const deadline = performance.now() + 60_000;
    while (!this.#ended && performance.now() < deadline) {
      if (this.#log.includes("listens on")) return;
      await delay(20);
    }
    throw new Error(`The issuer did not start:\n${this.#log.slice(-2_000)}`);
  }

  async #collect(stream: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<void> {
    for await (const text of stream.pipeThrough(new TextDecoderStream())) this.#log = (this.#log + text).slice(-20_000);
  }
}
