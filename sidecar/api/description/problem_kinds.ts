import type { AnswerHeader } from "./answer_headers.ts";

/** A kind of problem: the end of its `type`, which is `urn:view-gateway:` and the kind. */
export interface KindOfProblem {
  readonly statuses: readonly number[];
  /** What it means, and what to do. */
  readonly meaning: string;
  /** Headers that each such answer has. */
  readonly headers?: readonly AnswerHeader[];
  /** Whether some of these answers say when to try again. */
  readonly mayRetry?: true;
}

/** All kinds of problems that the API answers with. */
export const PROBLEM_KINDS = {
  "access-unknown": {
    statuses: [503],
    meaning: "The API server does not answer, so the gateway does not know the user or their rights. Try again.",
    headers: ["Retry-After"],
  },
  "beyond-grants": { statuses: [403], meaning: "The user's grants do not include these subsets." },
  "body-too-large": { statuses: [413], meaning: "The body has more bytes than `BODY_LIMIT_BYTES`." },
  "busy": { statuses: [503], meaning: "The gateway starts as many views as it may. Try again.", mayRetry: true },
  "changed-meanwhile": {
    statuses: [412],
    meaning:
      "The view is not the version that `If-Match` names, or is one that `If-None-Match` excludes. Read the view again.",
  },
  "conflict": {
    statuses: [409],
    meaning: "Others change the view at the same time. Read the view, and try again.",
    mayRetry: true,
  },
  "cross-origin": {
    statuses: [403],
    meaning: "A page of another origin sent the request. Only pages of the base host may change anything.",
  },
  "exists": { statuses: [409], meaning: "Something has this name already. Take another name." },
  "forbidden": { statuses: [403], meaning: "The user does not have the right. The detail says whom to ask." },
  "gateway-closing": { statuses: [503], meaning: "The gateway that was asked stops. Try again.", mayRetry: true },
  "grants-unusable": { statuses: [503], meaning: "The gateway cannot read its grants. The detail says why." },
  "internal": { statuses: [500], meaning: "The gateway has failed. The sidecar's log has the cause." },
  "invalid-query": { statuses: [400], meaning: "`parameters` has each mistake in the query." },
  "invalid-spec": {
    statuses: [409],
    meaning: "The view's annotation is invalid, so nothing can be merged into it. Mend it with kubectl.",
  },
  "invalid-token": {
    statuses: [401],
    meaning: "Kubernetes does not accept the token. Get a new one.",
    headers: ["WWW-Authenticate"],
  },
  "invalid-view": { statuses: [422], meaning: "`errors` has each mistake in the body, with its place." },
  "kubernetes-unavailable": {
    statuses: [503],
    meaning: "Kubernetes cannot do this now. Try again.",
    headers: ["Retry-After"],
  },
  "lake-denied": { statuses: [403], meaning: "The lake does not allow the gateway's role to list this." },
  "lake-elsewhere": { statuses: [502], meaning: "The bucket is in another region, or at another endpoint." },
  "lake-failed": { statuses: [502], meaning: "The lake has failed. `reason` is S3's code, if it has one." },
  "lake-refused": { statuses: [400, 405, 409], meaning: "The lake does not accept the request, such as its `after`." },
  "lake-rejects-gateway": {
    statuses: [502],
    meaning: "The lake does not accept the gateway's credentials, signature or clock.",
  },
  "lake-unavailable": {
    statuses: [503],
    meaning: "The lake does not answer, or is overloaded. Try again.",
    headers: ["Retry-After"],
  },
  "launch-timeout": { statuses: [504], meaning: "The view could not be launched in time. Try again.", mayRetry: true },
  "no-credentials": {
    statuses: [503],
    meaning: "STS gives no credentials for the lake. `reason` is its code.",
    headers: ["Retry-After"],
  },
  "no-lake": { statuses: [404], meaning: "This gateway has no lake: `LAKE_ROLE_ARN` is empty." },
  "not-in-lake": { statuses: [404], meaning: "The lake has no such bucket, or no such page of it." },
  "not-json": {
    statuses: [400, 415],
    meaning: "400: the body is not JSON. 415: `Content-Type` is not the one that the detail names.",
  },
  "prefix-too-long": { statuses: [422], meaning: "No view can have a prefix of this length." },
  "refused": { statuses: [403], meaning: "Kubernetes refuses this. The detail has its words." },
  "sign-in": {
    statuses: [401],
    meaning: "The request has no session and no token. Sign in, or send a token.",
    headers: ["WWW-Authenticate"],
  },
  "too-many-listings": {
    statuses: [429],
    meaning: "The user, or all users together, list the lake too often. Try again.",
    headers: ["Retry-After"],
  },
  "too-many-streams": {
    statuses: [503],
    meaning: "As many requests and pages as may follow views already. Try again, or ask without `wait`.",
    headers: ["Retry-After"],
  },
  "too-many-views": { statuses: [403], meaning: "There are `EXISTING_VIEWS` views. Delete one first." },
  "unknown-view": { statuses: [404], meaning: "There is no view of this name." },
  "view-failed": {
    statuses: [409],
    meaning: "The view cannot start. The detail and `reason` have the cause.",
    mayRetry: true,
  },
} as const satisfies Readonly<Record<string, KindOfProblem>>;

export type ProblemKind = keyof typeof PROBLEM_KINDS;

/** The kind of problem of this name. */
export const kindOfProblem = (kind: ProblemKind): KindOfProblem => PROBLEM_KINDS[kind];
