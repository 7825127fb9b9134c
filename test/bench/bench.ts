import type { Comparison, Figure } from "./report/comparison.ts";

/** One question about the gateway, answered by measuring it beside a peer. */
export interface Bench {
  /** The name of its data and of its section in the report. */
  readonly name: string;
  readonly title: string;
  /** What is measured, how, and beside what: Markdown. */
  readonly about: string;
  /** What can be measured alone; the others then keep their former numbers. Default: the bench has no parts. */
  readonly parts?: readonly string[];
  readonly run: (context: BenchContext) => Promise<Measured>;
}

export interface BenchContext {
  /** A smoke run: small and short. Its numbers mean nothing. */
  readonly quick: boolean;
  /** The largest sizes too. */
  readonly full: boolean;
  /** The number of rounds of each comparison. */
  readonly rounds: number;
  /** For files and sockets. It is removed after the bench. */
  readonly directory: string;
  readonly signal: AbortSignal;
  /** Which parts of the bench. Default: all. */
  readonly parts?: readonly string[];
  /** The parts that were measured before. */
  readonly kept?: Readonly<Record<string, MeasuredPart>>;
}

/** One part of a bench, as its data keep it. */
export interface MeasuredPart {
  readonly date: string;
  readonly seconds: number;
  /** What the bench makes its figures from. */
  readonly data: unknown;
}

export interface Measured {
  readonly comparisons: readonly Comparison[];
  /** What has no peer. */
  readonly figures?: readonly Figure[];
  readonly curves?: readonly Curves[];
  /** All parts, also those that were measured before. */
  readonly parts?: Readonly<Record<string, MeasuredPart>>;
}

/** A plot with a line for each `who`. */
export interface Curves {
  readonly title: string;
  readonly x: string;
  readonly y: string;
  readonly points: readonly { readonly who: string; readonly x: number; readonly y: number }[];
}

/** The data of a run that the report keeps. */
export interface Result extends Measured {
  readonly name: string;
  /** The gateway's. */
  readonly version: string;
  readonly date: string;
  readonly machine: string;
  readonly quick: boolean;
  readonly seconds: number;
}
