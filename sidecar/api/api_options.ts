import type { V1Service } from "@kubernetes/client-node";
import type { Audit } from "../access/audit_entry.ts";
import type { Authenticator } from "../access/authenticator.ts";
import type { Identity } from "../access/identity.ts";
import type { Rights } from "../access/rights.ts";
import type { SignIn } from "../access/sessions.ts";
import type { LastStart, View } from "@view-gateway/types";
import type { ExceededQuota } from "../async/quota.ts";
import type { Contact } from "../page/contact.ts";
import type { ProblemAnswer } from "../http/problem.ts";
import type { Grants } from "../view/grants.ts";
import type { ListedPlace } from "../view/lake_browsing.ts";
import type { BucketsPage, FolderPage } from "../view/lake_page.ts";
import type { LeaseBounds } from "../view/lease.ts";
import type { Cause, ViewState } from "../view/state.ts";
import type { Templates } from "../view/templates.ts";
import type { Views } from "../view/views.ts";
import type { WatchTiming } from "./stream/view_events.ts";
import type { ViewWatches } from "./stream/view_watches.ts";
import type { ChangedService, CreatedService, DeletedService, EndedJob } from "../view/write_outcomes.ts";

/** The snapshot of all views, in pages. */
export interface PagedViews extends Views {
  /** How many views there are. */
  readonly size: number;
  /** Up to `limit` views whose names come after the given one, by name. */
  page(after: string, limit: number): readonly ViewState[];
}

/** Which views concern a person: their names come after the given one, in order. */
export interface PersonalViews {
  /** Up to `limit` views that the person owns, or that are shared with them. */
  page(person: Identity, after: string, limit: number): readonly string[];
  /** Up to `limit` views that are open to everybody. */
  publicPage(after: string, limit: number): readonly string[];
}

/** The version of a view's Service that a change is made of. */
export type ServiceVersion = Pick<ViewState, "name" | "resourceVersion">;

/** Writes of Services: creating, changing and deleting a view is one write each. */
export interface Services {
  create(service: V1Service, signal: AbortSignal): Promise<CreatedService>;
  /** Sets the spec of the Service, if it still is this version. */
  change(version: ServiceVersion, spec: View, signal: AbortSignal): Promise<ChangedService>;
  /** Deletes the Service if it still has this UID, and this resourceVersion where one is given. */
  delete(name: string, uid: string, signal: AbortSignal, version?: string): Promise<DeletedService>;
}

/** The views' credentials for the lake. */
export interface CredentialExpiry {
  /** When a view's credentials expire, in milliseconds since the epoch; undefined where it has none, or they are unknown. */
  credentialsEndAt(view: ViewState, signal: AbortSignal): Promise<number | undefined>;
}

/** Lists the lake. It limits what one user asks for at a time, and rejects only with the signal's reason. */
export interface LakeListings {
  buckets(user: string, after: string | undefined, signal: AbortSignal): Promise<BucketsPage | ProblemAnswer>;
  folder(
    user: string,
    place: ListedPlace,
    after: string | undefined,
    signal: AbortSignal,
  ): Promise<FolderPage | ProblemAnswer>;
}

/** What this gateway remembers of views. It is undefined where it knows nothing. */
export interface ViewHistory {
  lastStart(view: ViewState): LastStart | undefined;
  /** In milliseconds since the epoch. */
  lastRequestAt(view: ViewState): number | undefined;
}

/** Writes of views' Jobs. */
export interface EndedJobs {
  /** Deletes the Job if it still has this UID, after its pods have finished their requests. */
  end(name: string, uid: string, signal: AbortSignal): Promise<EndedJob>;
}

/** The outcome of a start. */
export type StartOutcome =
  | { readonly kind: "launched" }
  | { readonly kind: "failed"; readonly cause: Cause }
  | { readonly kind: "paused"; readonly cause: Cause; readonly seconds: number }
  | { readonly kind: "denied" } & ProblemAnswer;

export interface ApiOptions {
  readonly authenticator: Authenticator;
  readonly rights: Rights;
  readonly audit: Audit;
  /** Sends a browser to the sign-in; undefined where nobody can sign in. */
  readonly signIn?: SignIn | undefined;
  readonly views: PagedViews;
  readonly personal: PersonalViews;
  /** The streams that follow views. */
  readonly watches: ViewWatches;
  readonly watchTiming?: Partial<WatchTiming>;
  readonly history: ViewHistory;
  /** Which parts of the lake users may give their views. */
  readonly grants: () => Grants;
  /** Whether a spec may say `public`. */
  readonly publicViews: boolean;
  /** Creates the view's Job. It replaces one that the view has. Never rejects. */
  readonly start: (view: ViewState) => Promise<StartOutcome>;
  /** Makes the gateway follow a view's start as closely as if a request waited for it, until it is released. */
  readonly awaitStart: (view: string) => { readonly release: () => void } | ExceededQuota;
  /** Ends all waits: the gateway's pod is about to end. */
  readonly closing: AbortSignal;
  /** How many views may exist. */
  readonly limit: number;
  /** The bounds of a view's idle time and lifetime. */
  readonly bounds: LeaseBounds;
  readonly services: Services;
  readonly jobs: EndedJobs;
  readonly baseHost: string;
  /** Whom people ask about a problem that they cannot mend; undefined where the configuration names nobody. */
  readonly contact?: Contact | undefined;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly bodyLimitBytes: number;
  /** Labels that the configured selector requires. */
  readonly required: Readonly<Record<string, string>>;
  /** The workload templates; undefined while they are unknown. */
  readonly templates: () => Templates | undefined;
  /** Undefined where no lake is configured: then no view can have subsets. */
  readonly lake?: CredentialExpiry | undefined;
  /** Undefined where no lake is configured. */
  readonly lakeListings?: LakeListings | undefined;
  /** Milliseconds that an answer waits for its change to appear in the snapshot, so that the next request finds it. */
  readonly settle?: number;
}
