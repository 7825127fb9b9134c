import type { LastStart } from "@view-gateway/types";
import { NamedTasks } from "../async/named_tasks.ts";
import { type EndpointAcks, EndpointsRefusedError } from "../envoy/endpoint_acks.ts";
import { connected, isConnecting, lastStartOf, type StartRecord, startRecordOf } from "../view/start_record.ts";
import type { ViewState } from "../view/state.ts";
import { Newest } from "./newest.ts";

export interface LastStartsOptions {
  /** Whether Envoy has taken a view's endpoints: that is the end of a start. */
  readonly acks: Pick<EndpointAcks, "untilAcked">;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Called with an error that is the gateway's own fault. */
  readonly onFault: (view: string, error: unknown) => void;
  /** Called when a start has ended. `refused`: Envoy has refused the view's endpoints. */
  readonly onEnd?: (name: string, record: StartRecord, refused: boolean) => void;
  /** Most records. */
  readonly limit?: number;
}

/** A record takes about a kilobyte. */
const LIMIT = 5_000;

/** Remembers how views last started, as this gateway saw it. */
export class LastStarts {
  readonly #options: LastStartsOptions;
  readonly #records: Newest<StartRecord>;
  /** Waits for Envoy, by view; each is about a Job. */
  readonly #connecting: NamedTasks<string>;

  constructor(options: LastStartsOptions) {
    this.#options = options;
    this.#records = new Newest(options.limit ?? LIMIT);
    this.#connecting = new NamedTasks(options.onFault);
  }

  /** How many records there are. */
  get size(): number {
    return this.#records.size;
  }

  /** Takes a change of a view's state, after what publishes its endpoints has taken it. */
  changed(name: string, after: ViewState | undefined, before: ViewState | undefined): void {
    const record = this.#records.get(name);
    const next = startRecordOf(record, after, before, this.#options.now());
    if (next === record) return;
    if (next === undefined) this.#records.delete(name);
    else this.#records.set(name, next);
    if (next !== undefined && hasEnded(next, record)) this.#options.onEnd?.(name, next, false);
    this.#follow(name, next);
  }

  /** How the view last started; undefined if this gateway does not know it. */
  get({ name, uid }: Pick<ViewState, "name" | "uid">): LastStart | undefined {
    const record = this.#records.get(name);
    return record?.view === uid ? lastStartOf(record, this.#options.now()) : undefined;
  }

  /** Whether a start of the view is under way. */
  isUnderWay(name: string): boolean {
    return this.#records.get(name)?.outcome === "under way";
  }

  async stop(): Promise<void> {
    await this.#connecting.stop();
  }

  /** Waits for Envoy as long as the start waits for it. */
  #follow(name: string, record: StartRecord | undefined): void {
    const awaited = record !== undefined && isConnecting(record) ? record.job : undefined;
    const present = this.#connecting.get(name);
    if (awaited === present) return;
    if (awaited === undefined) this.#connecting.end(name);
    else this.#connecting.begin(name, awaited, (signal) => this.#untilConnected(name, awaited, signal));
  }

  async #untilConnected(name: string, job: string, signal: AbortSignal): Promise<void> {
    const outcome = await this.#options.acks.untilAcked(name, signal).then(() => "awake" as const, (error) => {
      if (error instanceof EndpointsRefusedError) return "failed" as const;
      throw error;
    });
    const record = this.#records.get(name);
    if (record?.job !== job || !isConnecting(record)) return;
    const ended = connected(record, outcome, this.#options.now());
    this.#records.set(name, ended);
    this.#options.onEnd?.(name, ended, outcome === "failed");
  }
}

/** Whether the start has ended with this change. */
function hasEnded({ job, outcome }: StartRecord, before: StartRecord | undefined): boolean {
  return outcome !== "under way" && (before?.job !== job || before.outcome === "under way");
}
