import type { V1Service } from "@kubernetes/client-node";
import type { Invalid } from "@view-gateway/types";
import type { ProblemAnswer } from "../http/problem.ts";
import type { LeaseBounds } from "../view/lease.ts";
import type { Cause, ViewState } from "../view/state.ts";
import type { Views } from "../view/views.ts";
import type { CreatedService, DeletedService } from "../view/write_outcomes.ts";

/** The snapshot of all views, in pages. */
export interface PagedViews extends Views {
  /** How many views there are. */
  readonly size: number;
  /** Up to `limit` views whose names come after the given one, by name. */
  page(after: string, limit: number): readonly ViewState[];
}

/** Writes of Services: creating a view is one create, deleting it is one delete. */
export interface Services {
  create(service: V1Service, signal: AbortSignal): Promise<CreatedService>;
  /** Deletes the Service if it still has this UID. */
  delete(name: string, uid: string, signal: AbortSignal): Promise<DeletedService>;
}

/** The views' credentials for the lake. */
export interface CredentialExpiry {
  /** When a view's credentials expire, in milliseconds since the epoch; undefined where it has none, or they are unknown. */
  credentialsEndAt(view: ViewState, signal: AbortSignal): Promise<number | undefined>;
}

/** The outcome of a restart. */
export type RestartOutcome =
  | { readonly kind: "launched" }
  | { readonly kind: "failed" | "paused"; readonly cause: Cause }
  | { readonly kind: "denied" } & ProblemAnswer;

export interface ApiOptions {
  readonly views: PagedViews;
  /** Replaces the view's Job by a new one. Never rejects. */
  readonly restart: (view: ViewState) => Promise<RestartOutcome>;
  /** How many views may exist. */
  readonly limit: number;
  /** The bounds of a view's idle time and lifetime. */
  readonly bounds: LeaseBounds;
  readonly services: Services;
  readonly baseHost: string;
  readonly bodyLimitBytes: number;
  /** Labels that the configured selector requires. */
  readonly required: Readonly<Record<string, string>>;
  /** Why no view can be created with this template, or without one; empty while the templates are unknown. */
  readonly templateProblems: (template: string | undefined) => readonly Invalid[];
  /** Undefined where no lake is configured: then no view can have subsets. */
  readonly lake?: CredentialExpiry | undefined;
  /** Milliseconds that an answer waits for its change to appear in the snapshot, so that the next request finds it. */
  readonly settle?: number;
}
