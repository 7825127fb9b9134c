/** The example's programs as processes, each in the state of a pod: assigned, unassigned or cold. */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { freePort } from "../../process/free_port.ts";
import { runCommand, succeeds } from "../../process/command.ts";
import { EXAMPLE_ASSIGN_PATH } from "../../deploy/warm_template.ts";
import { hostArchitecture } from "../../compile/compile.ts";
import { assembleDuckdbView } from "../duckdb_view.ts";

const examples = fileURLToPath(new URL("../../../example", import.meta.url));

/** A view of the example, as its image runs it. */
export interface ViewProgram {
  /** Makes it, in an empty directory, and answers its command. */
  command(directory: string): Promise<readonly [string, ...string[]]>;
  readonly environment?: (directory: string) => Readonly<Record<string, string>>;
  /** A path at which the view tells its name. */
  readonly tells: string;
}

const goProgram = (folder: string, tells: string): ViewProgram => ({
  command: async (directory) => {
    const binary = join(directory, "view");
    await runCommand("go", ["build", "-o", binary, `./${folder}`], { cwd: examples, env: { CGO_ENABLED: "0" } });
    return [binary];
  },
  tells,
});

export const duckdbProgram: ViewProgram = {
  command: async (directory) => {
    await assembleDuckdbView(directory, hostArchitecture);
    const options = ["--no-config", "--no-remote", "--node-modules-dir=manual", "--unstable-no-legacy-abort", "-A"];
    return [Deno.execPath(), "run", ...options, join(directory, "main.js")];
  },
  environment: (directory) => ({
    HTTPFS_EXTENSION: join(directory, "httpfs.duckdb_extension"),
    SPILL_DIRECTORY: join(directory, "spill"),
  }),
  tells: "/tables",
};

export const viewPrograms: Readonly<Record<string, ViewProgram>> = {
  "the page": goProgram("page", "/whoami"),
  "the browser view": goProgram("browser", "/view.json"),
  "the DuckDB view": duckdbProgram,
  "the contract in Go": goProgram("contract/go", "/"),
  "the contract in Node": {
    // Deno runs Node's modules too, where there is no Node.
    command: async () => [
      ...await succeeds("node", ["--version"]) ? ["node"] as const : [Deno.execPath(), "run", "-A"] as const,
      join(examples, "contract/node/view.mjs"),
    ],
    tells: "/",
  },
  "the contract in Python": {
    command: () => Promise.resolve(["python3", join(examples, "contract/python/view.py")]),
    tells: "/",
  },
};

export const POD_UID = "4e9c2f3a-pod";
export const READY_PATH = "/healthz";

/** The longest that a program may run. */
const LIMIT = 60_000;

export class PodProcess implements AsyncDisposable {
  readonly #process: Deno.ChildProcess;
  readonly #late: ReturnType<typeof setTimeout>;
  readonly #origin: string;
  readonly #tells: string;

  private constructor(process: Deno.ChildProcess, origin: string, tells: string) {
    this.#process = process;
    this.#late = setTimeout(() => process.kill("SIGKILL"), LIMIT);
    this.#origin = origin;
    this.#tells = tells;
  }

  static async start(
    [program, ...args]: readonly [string, ...string[]],
    environment: Readonly<Record<string, string>>,
    tells: string,
  ): Promise<PodProcess> {
    const port = freePort();
    const env = { HOST: "127.0.0.1", PORT: String(port), VIEW_POD_UID: POD_UID, ...environment };
    const process = new Deno.Command(program, { args, env, stdout: "null", stderr: "null" }).spawn();
    const pod = new PodProcess(process, `http://127.0.0.1:${port}`, tells);
    const ready = () => pod.get(READY_PATH).then((status) => status === 200, () => false);
    while (!await ready()) {
      if (await Promise.race([process.status, new Promise((resolve) => setTimeout(resolve, 20))])) {
        throw new Error(`${program} has ended before it was ready`);
      }
    }
    return pod;
  }

  async get(path: string): Promise<number> {
    return (await this.ask(path)).status;
  }

  async ask(path: string, init: RequestInit = {}): Promise<{ readonly status: number; readonly text: string }> {
    const answer = await fetch(this.#origin + path, init);
    return { status: answer.status, text: await answer.text() };
  }

  /** The status; undefined where the program hangs up instead. */
  assign(body: unknown, bearer = `Bearer ${POD_UID}`): Promise<number | undefined> {
    const text = typeof body === "string" ? body : JSON.stringify(body);
    const headers = { authorization: bearer, "content-type": "application/json" };
    return this.ask(EXAMPLE_ASSIGN_PATH, { method: "POST", headers, body: text }).then(
      ({ status }) => status,
      () => undefined,
    );
  }

  async isView(name: string): Promise<boolean> {
    const { status, text } = await this.ask(this.#tells);
    return status === 200 && text.includes(`"${name}"`);
  }

  /** A connection without a request. */
  connect(): Promise<Deno.TcpConn> {
    const { hostname, port } = new URL(this.#origin);
    return Deno.connect({ hostname, port: Number(port) });
  }

  /** The exit code after SIGTERM. */
  async end(): Promise<number> {
    this.#process.kill("SIGTERM");
    return (await this.#process.status).code;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearTimeout(this.#late);
    try {
      this.#process.kill("SIGKILL");
    } catch {
      // It has ended.
    }
    await this.#process.status;
  }
}
