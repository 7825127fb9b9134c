import type { Transport } from "../transport.ts";
import { type ErrorKind, KubernetesError } from "../kubernetes_error.ts";

/** Kubernetes cannot answer now, or refuses to answer the gateway. */
export interface Unreviewed {
  readonly kind: "unknown";
  /** For the client, signed in or not: it names no address. */
  readonly detail: string;
  /** For the log. */
  readonly message: string;
}

export type TokenReviewed =
  | { readonly kind: "authenticated"; readonly user: string; readonly groups: readonly string[] }
  | { readonly kind: "refused"; readonly message: string };

export type AccessReviewed = { readonly kind: "allowed" } | { readonly kind: "denied" };

/** What a user wants to do with views' Services. */
export interface ReviewedAccess {
  readonly user: string;
  readonly groups: readonly string[];
  readonly verb: string;
  /** Of the Service; undefined for all of them. */
  readonly name: string | undefined;
}

/** Milliseconds for each question. A request waits for the answer. */
const LIMIT = 3_000;

/** TokenReview and LocalSubjectAccessReview. Methods throw only their signal's reason. */
export class Reviews {
  readonly #transport: Pick<Transport, "call">;
  readonly #namespace: string;

  /** @param namespace of the views */
  constructor(transport: Pick<Transport, "call">, namespace: string) {
    this.#transport = transport;
    this.#namespace = namespace;
  }

  /**
   * The user of this token. It has to name the audience: the API server takes a token without one for itself, and says so by
   * other audiences.
   * https://kubernetes.io/docs/reference/kubernetes-api/authentication-resources/token-review-v1/
   */
  async token(token: string, audience: string, signal: AbortSignal): Promise<TokenReviewed | Unreviewed> {
    const review = {
      kind: "TokenReview",
      apiVersion: "authentication.k8s.io/v1",
      spec: { token, audiences: [audience] },
    };
    const answer = await this.#ask<TokenReviewStatus>(`/apis/${review.apiVersion}/tokenreviews`, review, signal);
    if ("kind" in answer) return answer;
    const { authenticated, user, audiences, error } = answer.status;
    if (authenticated !== true || !user?.username) {
      return { kind: "refused", message: shortened(error || "It is not valid.") };
    }
    if (!audiences?.includes(audience)) return { kind: "refused", message: `It is not for the audience ${audience}.` };
    return { kind: "authenticated", user: user.username, groups: user.groups ?? [] };
  }

  /**
   * Whether somebody may do this with the views' Services.
   * https://kubernetes.io/docs/reference/kubernetes-api/authorization-resources/local-subject-access-review-v1/
   */
  async access(
    { user, groups, verb, name }: ReviewedAccess,
    signal: AbortSignal,
  ): Promise<AccessReviewed | Unreviewed> {
    const namespace = this.#namespace;
    const review = {
      kind: "LocalSubjectAccessReview",
      apiVersion: "authorization.k8s.io/v1",
      metadata: { namespace },
      spec: {
        user,
        groups,
        resourceAttributes: { namespace, verb, group: "", version: "v1", resource: "services", ...name && { name } },
      },
    };
    const path = `/apis/${review.apiVersion}/namespaces/${encodeURIComponent(namespace)}/localsubjectaccessreviews`;
    const answer = await this.#ask<AccessReviewStatus>(path, review, signal);
    if ("kind" in answer) return answer;
    return { kind: answer.status.allowed === true && answer.status.denied !== true ? "allowed" : "denied" };
  }

  async #ask<Status>(path: string, review: object, signal: AbortSignal): Promise<{ status: Status } | Unreviewed> {
    const body = JSON.stringify(review);
    const headers = { "content-type": "application/json" };
    try {
      const { text } = await this.#transport.call({ method: "POST", path, headers, body, limit: LIMIT }, signal);
      return { status: JSON.parse(text).status ?? {} };
    } catch (error) {
      signal.throwIfAborted();
      const { message } = error as Error;
      if (error instanceof KubernetesError) return { kind: "unknown", detail: detailOf(error.kind), message };
      // It is not JSON.
      return { kind: "unknown", detail: "The API server's answer cannot be read.", message };
    }
  }
}

interface TokenReviewStatus {
  readonly authenticated?: boolean;
  readonly user?: { readonly username?: string; readonly groups?: readonly string[] };
  readonly audiences?: readonly string[];
  readonly error?: string;
}

interface AccessReviewStatus {
  readonly allowed?: boolean;
  readonly denied?: boolean;
}

function detailOf(kind: ErrorKind): string {
  switch (kind) {
    case "Timeout":
      return `The API server did not answer within ${LIMIT / 1000} s.`;
    case "Unreachable":
      return "The API server cannot be reached.";
    case "Unauthorized":
    case "Forbidden":
      return "The API server does not let the gateway ask: its service account lacks the right.";
    case "TooManyRequests":
      return "The API server has too much to do.";
    default:
      return "The API server cannot answer now.";
  }
}

/** Characters of Kubernetes' message. */
const MESSAGE = 300;

function shortened(message: string): string {
  return message.length > MESSAGE ? `${message.slice(0, MESSAGE)}…` : message;
}
