/** The kind of failure, as far as the caller acts on it. */
export type ErrorKind =
  | "AlreadyExists"
  | "Conflict"
  | "NotFound"
  /** The resourceVersion or the continue token is too old. */
  | "Gone"
  | "Invalid"
  /** The object is not as a patch expects it: a test has failed, a member is missing, or it has another UID. */
  | "TestFailed"
  | "Forbidden"
  | "Unauthorized"
  | "TooManyRequests"
  /** The API server responded, but cannot do it now. */
  | "Unavailable"
  /** No response within the request's limit. */
  | "Timeout"
  /** No connection, or a broken one. */
  | "Unreachable";

export interface ErrorDetails {
  /** HTTP status; undefined without a response. */
  readonly status?: number | undefined;
  /** One word; Kubernetes' own if it gave one. */
  readonly reason?: string | undefined;
  /** Milliseconds after which the API server wants the next request. */
  readonly retryAfter?: number | undefined;
  readonly cause?: unknown;
}

/** A failed request to Kubernetes. The message is Kubernetes' own if it gave one. */
export class KubernetesError extends Error {
  override readonly name = "KubernetesError";
  readonly kind: ErrorKind;
  readonly status: number | undefined;
  readonly reason: string;
  readonly retryAfter: number | undefined;

  constructor(kind: ErrorKind, message: string, { status, reason, retryAfter, cause }: ErrorDetails = {}) {
    super(message, { cause });
    this.kind = kind;
    this.status = status;
    this.reason = reason || kind;
    this.retryAfter = retryAfter;
  }
}

/** Kubernetes sends a Status instead of an object: https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/status/ */
export interface Status {
  readonly code?: number;
  readonly reason?: string;
  readonly message?: string;
  readonly details?: { readonly retryAfterSeconds?: number };
}

/** The error of an HTTP response other than 2xx. A proxy's response has no Status in its body. */
export function errorOfAnswer(status: number, body: string, retryAfter: string | null): KubernetesError {
  const said = parsed(body);
  const seconds = retryAfter === null ? said.details?.retryAfterSeconds : Number(retryAfter);
  const message = said.message || body.trim().slice(0, 500) || `The API server answered ${status}.`;
  return new KubernetesError(kindOf(status, said.reason, message), message, {
    status,
    reason: said.reason,
    retryAfter: seconds !== undefined && Number.isFinite(seconds) ? seconds * 1000 : undefined,
  });
}

/** The error of a watch's ERROR event. */
export function errorOfStatus(status: Status): KubernetesError {
  return errorOfAnswer(status.code ?? 500, JSON.stringify(status), null);
}

function parsed(body: string): Status {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === "object" && value !== null ? value : {};
  } catch {
    return {};
  }
}

/**
 * What Kubernetes says of a JSON patch that it cannot apply (NewGenericServerResponse in
 * staging/src/k8s.io/apimachinery/pkg/api/errors/errors.go), and of a merge with another UID. A ValidatingAdmissionPolicy
 * refuses with 422 and `Invalid` too.
 */
const TEST_FAILED = /^the server rejected our request due to an error in our request$|\bmetadata\.uid: Invalid value: /;

function kindOf(status: number, reason: string | undefined, message: string): ErrorKind {
  switch (status) {
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "NotFound";
    case 409:
      return reason === "AlreadyExists" ? "AlreadyExists" : "Conflict";
    case 410:
      return "Gone";
    case 429:
      return "TooManyRequests";
  }
  if (status === 408 || status >= 500) return "Unavailable";
  return status === 422 && TEST_FAILED.test(message) ? "TestFailed" : "Invalid";
}
