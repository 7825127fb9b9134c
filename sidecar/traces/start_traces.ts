import {
  type Attributes,
  type Context,
  ROOT_CONTEXT,
  type Span,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  trace,
  TraceFlags,
  type Tracer,
} from "@opentelemetry/api";
import { parseTraceParent } from "@opentelemetry/core";
import type { StartKind } from "../view/state.ts";
import { type EndedStart, stepSpans } from "./step_spans.ts";

/** What became of a request at the gate. */
export interface HoldEnd {
  readonly view: string | undefined;
  readonly outcome: string;
  /** Kubernetes' reason, or the gateway's, where the view has failed. */
  readonly reason: string | undefined;
  readonly failed: boolean;
}

/** The trace of one request at the gate. */
export interface HoldTrace {
  readonly traceId: string;
  /** The request begins to wait for the view. */
  wait(view: string): void;
  end(end: HoldEnd): void;
}

export interface StartTracesOptions {
  readonly tracer: Tracer;
  /** How the view starts, or has started. */
  readonly startOf: (view: string) => StartKind | undefined;
  /** Whether a start of the view is under way, as the record of it says. */
  readonly isUnderWay: (view: string) => boolean;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Most views. */
  readonly limit?: number;
}

/** The first request that waits for a start of a view: its trace has the steps. */
interface First {
  readonly span: SpanContext;
  readonly context: Context;
  readonly since: number;
  /** Requests that wait now. */
  waiting: number;
  /** When the last of them left. */
  leftAt: number;
  /** The steps of a start are in the trace. */
  told: boolean;
}

const LIMIT = 5_000;

/** Milliseconds in which a launch shows a Job, though nobody waits for it any more: see LAUNCH_LIMIT in app/launches.ts. */
const LAUNCH = 30_000;

/**
 * Traces of requests that wait for views. The first request that waits for a start has the steps of the start in its trace;
 * other requests link to it. Each gateway does so for its own requests.
 */
export class StartTraces {
  readonly #options: StartTracesOptions;
  readonly #firsts = new Map<string, First>();

  constructor(options: StartTracesOptions) {
    this.#options = options;
  }

  /** How many views have a request whose trace gets the steps. */
  get size(): number {
    return this.#firsts.size;
  }

  /**
   * Begins the span of a request at the gate; undefined where the request is not traced. Envoy has decided that.
   * @param traceparent https://www.w3.org/TR/trace-context/#traceparent-header
   */
  begin(traceparent: string | null): HoldTrace | undefined {
    const parent = traceparent === null ? null : parseTraceParent(traceparent);
    if (parent === null || (parent.traceFlags & TraceFlags.SAMPLED) === 0) return undefined;
    const context = trace.setSpanContext(ROOT_CONTEXT, { ...parent, isRemote: true });
    const span = this.#options.tracer.startSpan("hold", { kind: SpanKind.SERVER }, context);
    return span.isRecording() ? new Hold(this, span) : undefined;
  }

  /** Runs a part of a launch, as a span of the trace that has the view's start. */
  async during<T>(view: string, name: string, work: () => Promise<T>): Promise<T> {
    const first = this.#present(view);
    if (first === undefined) return await work();
    const attributes = { "view_gateway.view": view };
    const span = this.#options.tracer.startSpan(name, { kind: SpanKind.CLIENT, attributes }, first.context);
    try {
      const result = await work();
      if (isOutcome(result)) tell(span, result);
      return result;
    } catch (error) {
      // The message may have anything in it.
      fail(span, error instanceof Error ? error.name : "Error");
      throw error;
    } finally {
      span.end();
    }
  }

  /** A start of the view has ended. */
  ended(view: string, start: EndedStart): void {
    const first = this.#present(view);
    if (first === undefined) return;
    for (const step of stepSpans(start, first.since)) {
      const attributes: Attributes = { "view_gateway.view": view, ...step.attributes };
      const span = this.#options.tracer.startSpan(step.name, { startTime: step.start, attributes }, first.context);
      if (step.failure !== undefined) fail(span, step.failure);
      span.end(step.end);
    }
    first.told = true;
    if (first.waiting === 0) this.#firsts.delete(view);
  }

  /** The trace that has the view's start. */
  traceIdOf(view: string): string | undefined {
    return this.#present(view)?.span.traceId;
  }

  /** For Hold. */
  join(view: string, span: Span): First | undefined {
    const { now, limit = LIMIT } = this.#options;
    const present = this.#present(view);
    if (present !== undefined) {
      present.waiting++;
      span.addLink({ context: present.span });
      return present;
    }
    if (this.#firsts.size >= limit) this.#sweep();
    if (this.#firsts.size >= limit) return undefined;
    const own = span.spanContext();
    const context = trace.setSpan(ROOT_CONTEXT, span);
    const first = { span: own, context, since: now(), waiting: 1, leftAt: 0, told: false };
    this.#firsts.set(view, first);
    return first;
  }

  /** For Hold. */
  leave(view: string, first: First, passed: boolean): void {
    first.waiting--;
    first.leftAt = this.#options.now();
    if (first.waiting > 0 || this.#firsts.get(view) !== first) return;
    if (first.told || passed && !this.#options.isUnderWay(view)) this.#firsts.delete(view);
  }

  /** For Hold. */
  startOf(view: string): StartKind | undefined {
    return this.#options.startOf(view);
  }

  #present(view: string): First | undefined {
    const first = this.#firsts.get(view);
    return first !== undefined && this.#isPresent(view, first) ? first : undefined;
  }

  /** A request may leave before the start has ended, such as a browser's that gets a page. */
  #isPresent(view: string, { waiting, told, leftAt }: First): boolean {
    const { isUnderWay, now } = this.#options;
    return waiting > 0 || !told && (now() - leftAt < LAUNCH || isUnderWay(view));
  }

  #sweep(): void {
    for (const [view, first] of this.#firsts) {
      if (!this.#isPresent(view, first)) this.#firsts.delete(view);
    }
  }
}

class Hold implements HoldTrace {
  readonly #traces: StartTraces;
  readonly #span: Span;
  #awaited: { readonly view: string; readonly first: First | undefined } | undefined;

  constructor(traces: StartTraces, span: Span) {
    this.#traces = traces;
    this.#span = span;
  }

  get traceId(): string {
    return this.#span.spanContext().traceId;
  }

  wait(view: string): void {
    // A view that is created anew meanwhile is waited for again.
    this.#awaited ??= { view, first: this.#traces.join(view, this.#span) };
  }

  end({ view, outcome, reason, failed }: HoldEnd): void {
    const start = this.#awaited && this.#traces.startOf(this.#awaited.view);
    this.#span.setAttributes({
      "view_gateway.outcome": outcome,
      ...view !== undefined && { "view_gateway.view": view },
      ...start !== undefined && { "view_gateway.start": start },
    });
    if (failed) fail(this.#span, reason ?? outcome);
    this.#span.end();
    const { view: awaited, first } = this.#awaited ?? {};
    if (awaited !== undefined && first !== undefined) this.#traces.leave(awaited, first, outcome === "pass");
  }
}

function fail(span: Span, reason: string): void {
  span.setStatus({ code: SpanStatusCode.ERROR, message: reason });
  span.setAttribute("error.type", reason);
}

/** What many calls give: what became of them, and why. */
interface Outcome {
  readonly kind: string;
  readonly cause?: { readonly reason: string };
}

function isOutcome(result: unknown): result is Outcome {
  return typeof result === "object" && result !== null && "kind" in result && typeof result.kind === "string";
}

function tell(span: Span, { kind, cause }: Outcome): void {
  span.setAttribute("view_gateway.outcome", kind);
  if (cause !== undefined) fail(span, cause.reason);
}
