/** Runs MinIO for a test. */
import { setTimeout as delay } from "node:timers/promises";
import { freePort } from "../../scripts/process/free_port.ts";
import { minioBinary } from "../../scripts/packages/minio_binary.ts";

/** The keys of a test's MinIO that may do everything. */
export const ROOT = { accessKeyId: "test-root", secretAccessKey: "test-root-secret" } as const;

/** A running MinIO with nothing in it. `await using minio = await MinioProcess.start();` */
export class MinioProcess implements AsyncDisposable {
  /** Of S3 and of STS. */
  readonly endpoint: string;
  readonly #process: Deno.ChildProcess;
  readonly #directory: string;
  readonly #reading: Promise<void>;
  #log = "";
  #ended = false;

  private constructor(endpoint: string, process: Deno.ChildProcess, directory: string) {
    this.endpoint = endpoint;
    this.#process = process;
    this.#directory = directory;
    this.#reading = Promise.all([process.stdout, process.stderr].map((stream) => this.#collect(stream))).then(() => {});
    process.status.then(() => this.#ended = true);
  }

  /** Starts MinIO and waits until it serves, at most 20 s. */
  static async start(): Promise<MinioProcess> {
    const binary = await minioBinary();
    const directory = await Deno.makeTempDir({ prefix: "minio-" });
    const port = freePort();
    const process = new Deno.Command(binary, {
      args: [
        "server",
        "--quiet",
        ...["--address", `127.0.0.1:${port}`],
        directory,
      ],
      env: {
        MINIO_ROOT_USER: ROOT.accessKeyId,
        MINIO_ROOT_PASSWORD: ROOT.secretAccessKey,
        MINIO_BROWSER: "off",
        // It must not check for updates, nor report that it runs.
        MINIO_UPDATE: "off",
        MINIO_CALLHOME_ENABLE: "off",
        HOME: directory,
      },
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    const minio = new MinioProcess(`http://127.0.0.1:${port}`, process, directory);
    try {
      await minio.#untilReady();
    } catch (error) {
      await minio.stop();
      throw error;
    }
    return minio;
  }

  /** Ends MinIO at once; what it held is gone. */
  async stop(): Promise<void> {
    if (!this.#ended) this.#process.kill("SIGKILL");
    await this.#process.status;
    await this.#reading;
    await Deno.remove(this.#directory, { recursive: true }).catch(() => {});
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  async #untilReady(): Promise<void> {
    const deadline = performance.now() + 20_000;
    while (performance.now() < deadline) {
      if (this.#ended) break;
      try {
        // Its own readiness comes before its objects and users can be asked for.
        const response = await fetch(this.endpoint, { signal: AbortSignal.timeout(2_000) });
        if (response.status === 403 && (await response.text()).includes("AccessDenied")) return;
        await response.body?.cancel();
      } catch {
        // Not yet.
      }
      await delay(50);
    }
    throw new Error(`MinIO did not become ready:\n${this.#log.slice(-2_000)}`);
  }

  async #collect(stream: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<void> {
    for await (const text of stream.pipeThrough(new TextDecoderStream())) this.#log = (this.#log + text).slice(-20_000);
  }
}
