import type { Comparison, Figure } from "./report/comparison.ts";

/** One question about the gateway, answered by measuring it beside a peer. */
export interface Bench {
  /** Of its file, its data and its section of the report. */
  readonly name: string;
  readonly title: string;
  /** What is measured, how, and beside what: Markdown. */
  readonly about: string;
  readonly run: (context: BenchContext) => Promise<Measured>;
}

export interface BenchContext {
  /** A smoke run: small and short, its numbers mean nothing. */
  readonly quick: boolean;
  /** The largest sizes too. */
  readonly full: boolean;
  /** How often each comparison is made. */
  readonly rounds: number;
  /** For files and sockets; gone after the bench. */
  readonly directory: string;
  readonly signal: AbortSignal;
}

export interface Measured {
  readonly comparisons: readonly Comparison[];
  /** What has no peer. */
  readonly figures?: readonly Figure[];
  readonly curves?: readonly Curves[];
}

/** A line for each of several. */
export interface Curves {
  readonly title: string;
  readonly x: string;
  readonly y: string;
  readonly points: readonly { readonly who: string; readonly x: number; readonly y: number }[];
}

/** What is kept of a run. */
export interface Result extends Measured {
  readonly name: string;
  readonly date: string;
  readonly machine: string;
  readonly quick: boolean;
  readonly seconds: number;
}
