import { join } from "node:path";
import { requireCommand } from "../../../scripts/packages/debian.ts";
import { runCommand } from "../../../scripts/process/command.ts";

/**
 * Counts a program's instructions with Valgrind. Unlike times, they hardly depend on what else the machine does.
 * https://valgrind.org/docs/manual/cl-manual.html
 */
export class InstructionCount {
  readonly #directory: string;
  readonly #signal: AbortSignal;
  #counts = 0;

  private constructor(directory: string, signal: AbortSignal) {
    this.#directory = directory;
    this.#signal = signal;
  }

  /** @param directory of its own */
  static async in(directory: string, signal: AbortSignal): Promise<InstructionCount> {
    await requireCommand("callgrind_control", "valgrind", signal);
    return new InstructionCount(directory, signal);
  }

  /** The command that runs the program. Until the first count it is only five times as slow as by itself. */
  get command(): readonly string[] {
    const file = `--callgrind-out-file=${join(this.#directory, "instructions")}`;
    return ["valgrind", "--quiet", "--tool=callgrind", "--instr-atstart=no", "--dump-instr=no", file];
  }

  /** The instructions of the program in each of so many repetitions of an action. It is done some times before. */
  async each(pid: number, repetitions: number, action: () => Promise<void>): Promise<number> {
    const control = (option: string) =>
      runCommand("callgrind_control", [option, String(pid)], { signal: this.#signal });
    const repeat = async (times: number) => {
      for (let i = 0; i < times; i++) await action();
    };
    if (this.#counts === 0) await control("--instr=on");
    await repeat(Math.ceil(repetitions / 10));
    await control("--zero");
    await repeat(repetitions);
    await control("--dump");
    const dump = await Deno.readTextFile(join(this.#directory, `instructions.${++this.#counts}`));
    const total = /^(?:totals|summary): (\d+)/m.exec(dump)?.[1];
    if (total === undefined) throw new Error("Valgrind has not said how many instructions it has counted.");
    return Number(total) / repetitions;
  }
}
