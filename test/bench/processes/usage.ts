/** Clock ticks in a second; Linux has had this many for user space on every architecture that Deno runs on. */
const TICKS = 100;

export interface Usage {
  /** Resident memory, in bytes. */
  readonly memory: number;
  /** Seconds of CPU so far. */
  readonly cpu: number;
}

/** What a process uses, as Linux has it. */
export async function usage(pid: number): Promise<Usage> {
  const [status, stat] = await Promise.all(
    ["status", "stat"].map((file) => Deno.readTextFile(`/proc/${pid}/${file}`)),
  );
  return { memory: memoryOf(status!), cpu: cpuOf(stat!) };
}

/** From `/proc/PID/status`. */
export function memoryOf(status: string): number {
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024;
}

/** From `/proc/PID/stat`, whose second field is the program's name in parentheses and may hold anything. */
export function cpuOf(stat: string): number {
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / TICKS;
}

/** The most resident memory so far, or since `resetPeakMemory`, in bytes. */
export async function peakMemory(pid: number): Promise<number> {
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(await Deno.readTextFile(`/proc/${pid}/status`))?.[1]) * 1024;
}

/** https://man7.org/linux/man-pages/man5/proc_pid_clear_refs.5.html */
export async function resetPeakMemory(pid: number): Promise<void> {
  await Deno.writeTextFile(`/proc/${pid}/clear_refs`, "5");
}
