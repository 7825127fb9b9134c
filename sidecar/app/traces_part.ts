import type { V1Secret } from "@kubernetes/client-node";
import type { LakeOptions } from "../lake/lake.ts";
import type { LauncherOptions } from "../launch/launcher.ts";
import { logger } from "../logging.ts";
import { Collector } from "../traces/collector.ts";
import { SpanQueue } from "../traces/span_queue.ts";
import { StartTraces, type StartTracesOptions } from "../traces/start_traces.ts";
import { tracerOf } from "../traces/tracing.ts";
import type { ViewState } from "../view/state.ts";
import type { AppContext } from "./context.ts";
import type { SidecarPart } from "./lifecycle.ts";

export interface TracesPart extends SidecarPart {
  /** Undefined where nothing is traced. */
  readonly traces: StartTraces | undefined;
}

export interface TracesNeeds extends Pick<StartTracesOptions, "isUnderWay"> {
  readonly views: { get(name: string): ViewState | undefined };
}

/** Builds what traces requests that wait for views. */
export function tracesPart(
  { config, envoy, metrics, time }: AppContext,
  { views, isUnderWay }: TracesNeeds,
): TracesPart {
  if (envoy.traces === undefined) return { name: "traces", traces: undefined };
  const log = logger("sidecar");
  const collector = new Collector(config.socketDirectory);
  const queue = new SpanQueue({
    send: (body) => collector.send(body),
    onDropped: (spans) => metrics.droppedSpans(spans),
    onError: (error) => log.warn("Traces have gaps: the collector does not take spans: {error}", { error }),
    pause: time.pause,
  });
  const traces = new StartTraces({
    tracer: tracerOf(envoy.traces.instance, queue),
    startOf: (view) => views.get(view)?.start,
    isUnderWay,
    now: time.now,
  });
  const stop = async () => {
    await queue.forceFlush();
    collector.close();
  };
  return { name: "traces", traces, run: (signal) => queue.run(signal), stop };
}

/** A launch's calls of Kubernetes as parts of traces. */
export function tracedLaunch(
  traces: StartTraces | undefined,
  { jobs, pods }: Pick<LauncherOptions, "jobs" | "pods">,
): Pick<LauncherOptions, "jobs" | "pods"> {
  if (traces === undefined) return { jobs, pods };
  return {
    jobs: {
      create: (job, signal) => traces.during(job.metadata?.name ?? "", "create Job", () => jobs.create(job, signal)),
      delete: (name, uid, signal) => traces.during(name, "delete Job", () => jobs.delete(name, uid, signal)),
      get: (name, signal) => jobs.get(name, signal),
    },
    pods: {
      claim: (claim, signal) => traces.during(claim.job.name, "claim pod", () => pods.claim(claim, signal)),
      release: (pod, signal) => pods.release(pod, signal),
    },
  };
}

/** What makes a view's credentials as parts of traces. */
export function tracedLake(
  traces: StartTraces | undefined,
  secrets: LakeOptions["secrets"],
): Pick<LakeOptions, "secrets" | "traced"> {
  if (traces === undefined) return { secrets };
  const write = <T>({ metadata }: V1Secret, work: () => Promise<T>) =>
    traces.during(metadata?.name ?? "", "write Secret", work);
  return {
    secrets: {
      get: (name, signal) => secrets.get(name, signal),
      create: (secret, signal) => write(secret, () => secrets.create(secret, signal)),
      replace: (secret, at, signal) => write(secret, () => secrets.replace(secret, at, signal)),
      delete: (name, uid, signal) => secrets.delete(name, uid, signal),
    },
    traced: (assume) => (session, policy, signal) =>
      traces.during(session, "AssumeRole", () => assume(session, policy, signal)),
  };
}
