/** The contract of docs/TEMPLATES.md, held against each of the example's programs as it runs in its image. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { freePort } from "../process/free_port.ts";
import { runCommand, succeeds } from "../process/command.ts";
import { temporaryDirectory } from "../process/temporary_directory.ts";
import { assembleDuckdbView } from "./duckdb_view.ts";

const examples = fileURLToPath(new URL("../../example", import.meta.url));

interface Program {
  /** Makes it, in an empty directory, and answers its command. */
  command(directory: string): Promise<readonly [string, ...string[]]>;
  readonly environment?: (directory: string) => Readonly<Record<string, string>>;
  /** A path at which the view tells its name. */
  readonly tells: string;
}

const goProgram = (folder: string, tells: string): Program => ({
  command: async (directory) => {
    const binary = join(directory, "view");
    await runCommand("go", ["build", "-o", binary, `./${folder}`], { cwd: examples, env: { CGO_ENABLED: "0" } });
    return [binary];
  },
  tells,
});

const programs: Readonly<Record<string, Program>> = {
  "the page": goProgram("page", "/whoami"),
  "the browser view": goProgram("browser", "/view.json"),
  "the DuckDB view": {
    command: async (directory) => {
      await assembleDuckdbView(directory);
      const options = ["--no-config", "--no-remote", "--node-modules-dir=manual", "--unstable-no-legacy-abort", "-A"];
      return [Deno.execPath(), "run", ...options, join(directory, "main.js")];
    },
    environment: (directory) => ({
      HTTPFS_EXTENSION: join(directory, "httpfs.duckdb_extension"),
      SPILL_DIRECTORY: join(directory, "spill"),
    }),
    tells: "/tables",
  },
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

const POD = "4e9c2f3a-pod";
const READY = "/healthz";
const ASSIGN = "/_gate/assign";

/** The longest that a program may run. */
const LIMIT = 60_000;

class Pod implements AsyncDisposable {
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
  ): Promise<Pod> {
    const port = freePort();
    const env = { HOST: "127.0.0.1", PORT: String(port), VIEW_POD_UID: POD, ...environment };
    const process = new Deno.Command(program, { args, env, stdout: "null", stderr: "null" }).spawn();
    const pod = new Pod(process, `http://127.0.0.1:${port}`, tells);
    const ready = () => pod.get(READY).then((status) => status === 200, () => false);
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
  assign(body: unknown, bearer = `Bearer ${POD}`): Promise<number | undefined> {
    const text = typeof body === "string" ? body : JSON.stringify(body);
    const headers = { authorization: bearer, "content-type": "application/json" };
    return this.ask(ASSIGN, { method: "POST", headers, body: text }).then(({ status }) => status, () => undefined);
  }

  async isView(name: string): Promise<boolean> {
    const { status, text } = await this.ask(this.#tells);
    return status === 200 && text.includes(`"${name}"`);
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

const assignment = (files: Readonly<Record<string, string>> = {}, uid = "view-1") => ({
  ...{ name: "sales", uid, subsets: [], files },
});

for (const [name, { command, environment, tells }] of Object.entries(programs)) {
  Deno.test(`${name} keeps the contract of a view`, async (test) => {
    await using work = await temporaryDirectory();
    await using directory = await temporaryDirectory();
    const lake = directory.path;
    const file = join(lake, "credentials");
    const line = await command(work.path);
    const start = (more: Readonly<Record<string, string>> = {}) => {
      const files = { AWS_CONFIG_FILE: join(lake, "config"), AWS_SHARED_CREDENTIALS_FILE: file };
      return Pod.start(line, { ...environment?.(work.path), ...files, ...more }, tells);
    };

    await test.step("with VIEW_NAME it serves as that view, and takes no assignment", async () => {
      await using pod = await start({ VIEW_NAME: "orders", VIEW_SUBSETS: "[]" });
      assert.ok(await pod.isView("orders"));
      await pod.assign(assignment({ [file]: "text" }));
      assert.ok(await pod.isView("orders"));
      assert.deepEqual(await Array.fromAsync(Deno.readDir(lake)), []);
      assert.equal(await pod.end(), 0);
    });

    await test.step("without VIEW_NAME it is ready, serves nothing, and ends at SIGTERM", async () => {
      await using pod = await start();
      assert.equal(await pod.get(READY), 200);
      for (const path of ["/", tells, ASSIGN]) assert.equal(await pod.get(path), 503, path);
      assert.equal(await pod.end(), 0);
    });

    await using pod = await start();
    await test.step("it takes no assignment from others, and none that is not valid", async () => {
      for (const bearer of ["", POD, "Bearer", "Bearer 4e9c2f3a", `Bearer ${POD}x`]) {
        assert.equal(await pod.assign(assignment({ [file]: "stolen" }), bearer), 401, bearer);
      }
      const outside = [`${lake}/../x`, `${lake}/a/b`, `${lake}/..`, `${lake}/`, "/tmp/x", "x"];
      const bad = ["", "{", "[]", "{}", { ...assignment(), name: "" }, { ...assignment(), uid: "" }];
      for (const body of [...bad, ...outside.map((path) => assignment({ [path]: "text" }))]) {
        assert.equal(await pod.assign(body), 400, JSON.stringify(body));
      }
      const long = await pod.assign(assignment({ [file]: "x".repeat(8 * 1024 * 1024) }));
      assert.ok(long === 400 || long === undefined, String(long));
      assert.equal(await pod.get(tells), 503);
      assert.deepEqual(await Array.fromAsync(Deno.readDir(lake)), []);
    });

    await test.step("of several assignments at once it takes those for one view", async () => {
      const uids = ["view-1", "view-2", "view-1"];
      const statuses = await Promise.all(uids.map((uid) => pod.assign(assignment({ [file]: uid }, uid))));
      const won = uids[statuses.indexOf(200)];
      assert.deepEqual(statuses, uids.map((uid) => uid === won ? 200 : 409));
      assert.equal(await Deno.readTextFile(file), won);
      assert.ok(await pod.isView("sales"));
      assert.equal(await pod.assign(assignment({ [file]: "renewed" }, won)), 200);
      assert.equal(await Deno.readTextFile(file), "renewed");
      assert.equal((await Deno.stat(file)).mode! & 0o777, 0o444, "each user of the pod's containers can read it");
      assert.deepEqual((await Array.fromAsync(Deno.readDir(lake))).map(({ name }) => name), ["credentials"]);
    });

    await test.step("assigned, it ends in good order", async () => {
      assert.equal(await pod.end(), 0);
    });
  });
}
