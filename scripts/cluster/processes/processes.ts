import { spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { join } from "node:path";
import { unlessAbsent } from "../../process/unless_absent.ts";
import { children, identify, isAlive, type ProcessIdentity, stoppedStarter } from "./process_identity.ts";
import { until } from "../../process/until.ts";

/** A program to run in the background. */
export interface Program {
  readonly name: string;
  /** The path of the binary and its arguments. */
  readonly command: readonly [string, ...string[]];
  readonly env?: Readonly<Record<string, string>>;
}

interface Recorded extends Program {
  readonly process: ProcessIdentity;
}

export interface StartOptions {
  /** A command that does not become the program but starts it as its only child, such as `nsenter --pid`. */
  readonly prefix?: readonly string[];
}

/**
 * Background processes of one cluster. They outlive the process that starts them. Each has a record in `run/NAME.json` below
 * the cluster's directory, and writes to `log/NAME.log`.
 */
export class Processes {
  readonly #run: string;
  readonly #log: string;

  constructor(directory: string) {
    this.#run = join(directory, "run");
    this.#log = join(directory, "log");
  }

  async start(program: Program, { prefix = [] }: StartOptions = {}): Promise<number> {
    await Promise.all([this.#run, this.#log].map((path) => Deno.mkdir(path, { recursive: true })));
    const [file, ...args] = [...prefix, ...program.command] as [string, ...string[]];
    const log = openSync(this.logFile(program.name), "a");
    const env = { ...Deno.env.toObject(), ...program.env };
    const started = spawn(file, args, { stdio: ["ignore", log, log], detached: true, env });
    closeSync(log);
    const failed = new Promise<never>((_, reject) => started.on("error", reject));
    failed.catch(() => {});
    if (started.pid === undefined) await failed;
    started.unref();
    let pid = started.pid!;
    // Recorded before its child is known, so that an interruption loses nothing. It ends with its child.
    this.#record(program, pid);
    if (prefix.length > 0) {
      const explain = () => this.logTail(program.name);
      await until(`${program.name} is started`, () => children(pid).length > 0, { milliseconds: 5000, explain });
      pid = children(pid)[0] ?? pid;
      this.#record(program, pid);
    }
    return pid;
  }

  #record(program: Program, pid: number): void {
    // A process that has ended already is recorded too: `requireAlive` has to report it.
    const process = identify(pid) ?? { pid, started: "" };
    const recorded: Recorded = { ...program, process };
    Deno.writeTextFileSync(join(this.#run, `${program.name}.json`), JSON.stringify(recorded, null, 2));
  }

  /** The number of a process that runs. */
  pid(name: string): number | undefined {
    const recorded = this.#read(name);
    return recorded && isAlive(recorded.process) ? recorded.process.pid : undefined;
  }

  /** What was started under a name, whether it still runs or not. */
  program(name: string): Program | undefined {
    return this.#read(name);
  }

  /** The names of all that was started and not ended. */
  names(): readonly string[] {
    try {
      return [...Deno.readDirSync(this.#run)].map(({ name }) => name.replace(/\.json$/, "")).sort();
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return [];
      throw error;
    }
  }

  /** Kills a process, if it is still the one that was recorded, and forgets it. */
  async end(name: string): Promise<void> {
    const recorded = this.#read(name);
    if (recorded) await kill(recorded.process, name);
    await unlessAbsent(Deno.remove(join(this.#run, `${name}.json`)));
  }

  async endAll(): Promise<void> {
    await Promise.all(this.names().map((name) => this.end(name)));
  }

  /**
   * Makes sure that no process has ended on its own.
   * @throws Error with the end of the log of one that has
   */
  async requireAlive(): Promise<void> {
    const ended = this.names().find((name) => this.pid(name) === undefined);
    if (ended !== undefined) throw new Error(`${ended} has ended:\n${await this.logTail(ended)}`);
  }

  logFile(name: string): string {
    return join(this.#log, `${name}.log`);
  }

  /** The last 20 lines that a process wrote. */
  async logTail(name: string): Promise<string> {
    const text = await Deno.readTextFile(this.logFile(name)).catch(() => "");
    return text.trimEnd().split("\n").slice(-20).join("\n");
  }

  #read(name: string): Recorded | undefined {
    try {
      return JSON.parse(Deno.readTextFileSync(join(this.#run, `${name}.json`)));
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return undefined;
      // It was being written when its writer was killed.
      if (error instanceof SyntaxError) return undefined;
      throw error;
    }
  }
}

/** Nobody needs the data of a test cluster, so its processes need not end in good order. */
async function kill(process: ProcessIdentity, name: string): Promise<void> {
  if (!isAlive(process)) return;
  const starter = stoppedStarter(process.pid);
  try {
    Deno.kill(process.pid, "SIGKILL");
    if (starter !== undefined) Deno.kill(starter, "SIGCONT");
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  await until(`${name} (process ${process.pid}) has ended`, () => !isAlive(process), { milliseconds: 10_000 });
}
