/** A process that cannot be mistaken for a later one with its number. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When it was started: the machine's boot and the clock ticks since then, as in `BOOT-ID/12345`. */
  readonly started: string;
}

/** The identity of a process that runs now; undefined where there is none. */
export function identify(pid: number): ProcessIdentity | undefined {
  const stat = read(`/proc/${pid}/stat`);
  const fields = stat && statFields(stat);
  if (!fields || fields.state === "Z" || fields.state === "X") return undefined;
  return { pid, started: `${read("/proc/sys/kernel/random/boot_id")?.trim()}/${fields.ticks}` };
}

export function isAlive({ pid, started }: ProcessIdentity): boolean {
  return identify(pid)?.started === started;
}

/**
 * The `nsenter` that has started a process and is stopped: it stops with the process that it waits for, does not go on with
 * it, and so does not see its end.
 */
export function stoppedStarter(pid: number): number | undefined {
  const parent = statFields(read(`/proc/${pid}/stat`) ?? "").parent;
  const isStopped = statFields(read(`/proc/${parent}/stat`) ?? "").state === "T";
  return isStopped && STARTERS.has(read(`/proc/${parent}/comm`)?.trim() ?? "") ? parent : undefined;
}

const STARTERS = new Set(["nsenter", "unshare"]);

/** The state, the parent and the start time in a line of `/proc/PID/stat`, in which the command's name may hold anything. */
export function statFields(
  stat: string,
): { readonly state: string; readonly parent: number; readonly ticks: string } {
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return { state: fields[0] ?? "", parent: Number(fields[1] ?? 0), ticks: fields[19] ?? "" };
}

/** The processes that a process has started and that still run. */
export function children(pid: number): readonly number[] {
  return (read(`/proc/${pid}/task/${pid}/children`) ?? "").split(" ").filter(Boolean).map(Number);
}

function read(path: string): string | undefined {
  try {
    return Deno.readTextFileSync(path);
  } catch {
    return undefined;
  }
}
