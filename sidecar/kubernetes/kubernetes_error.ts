/** What went wrong in a call, as far as its caller can act on it. */
export type ErrorKind =
  | "AlreadyExists"
  | "Conflict"
  | "NotFound"
  /** The resourceVersion or the continue token is too old. */
  | "Gone"
  | "Invalid"
  | "Forbidden"
  | "Unauthorized"
  | "TooManyRequests"
  /** The API server answered, but cannot do it now. */
  | "Unavailable"
  /** No answer within the call's limit. */
  | "Timeout"
  /** No connection, or one that broke. */
  | "Unreachable";

export interface ErrorDetails {
  /** HTTP status; undefined where there was no answer. */
  readonly status?: number | undefined;
  /** One word, Kubernetes' own where it gave one. */
  readonly reason?: string | undefined;
  /** Milliseconds that the API server asks to be left alone. */
  readonly retryAfter?: number | undefined;
  readonly cause?: unknown;
}

/** A call to Kubernetes that failed. The message is Kubernetes' own where it gave one. */
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

/** What Kubernetes sends instead of an object: https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/status/ */
export interface Status {
  readonly code?: number;
  readonly reason?: string;
  readonly message?: string;
  readonly details?: { readonly retryAfterSeconds?: number };
}

/** The error that an HTTP answer other than 2xx stands for. `body` need not be a Status: proxies answer too. */
export function errorOfAnswer(status: number, body: string, retryAfter: string | null): KubernetesError {
  const said = parsed(body);
  const seconds = retryAfter === null ? said.details?.retryAfterSeconds : Number(retryAfter);
  const message = said.message || body.trim().slice(0, 500) || `The API server answered ${status}.`;
  return new KubernetesError(kindOf(status, said.reason), message, {
    status,
    reason: said.reason,
    retryAfter: seconds !== undefined && Number.isFinite(seconds) ? seconds * 1000 : undefined,
  });
}

/** The error that an ERROR event of a watch stands for. */
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

function kindOf(status: number, reason: string | undefined): ErrorKind {
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
  return "Invalid";
}
