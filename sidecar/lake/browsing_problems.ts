import { BY_CODE, BY_STATUS, FAILED, REFUSED, STATUS } from "../envoy/lake_errors.ts";
import { problem, type ProblemAnswer } from "../http/problem.ts";
import type { Cause } from "../view/state.ts";
import type { S3List } from "./s3_lists.ts";

/** S3's codes for a page that it does not know, where the request has nothing else that could be wrong. */
const NO_PAGE = new Set(["InvalidArgument", "NotImplemented"]);

/** The problem of a person who browses, for an error of S3. S3's own text may repeat the session token. */
export function s3Problem(status: number, reason: string | undefined, { place, after }: S3List): ProblemAnswer {
  const bucket = place?.bucket;
  if (reason !== undefined && after !== undefined && NO_PAGE.has(reason)) {
    const detail = "The lake has no such page. Take the path `next` of the page before, or begin without `after`.";
    return { problem: problem(404, "not-in-lake", detail, { reason }), retryAfter: undefined };
  }
  if (reason === "InvalidBucketName") {
    return {
      problem: problem(404, "not-in-lake", `The lake can have no bucket ${bucket}.`, { reason }),
      retryAfter: undefined,
    };
  }
  const { problem: { view: _, ...known }, retryAfter } = reason !== undefined && BY_CODE[reason] || BY_STATUS[status] ||
    (status >= 400 && status < 500 ? REFUSED : FAILED);
  const kind = known.type.slice("urn:view-gateway:".length);
  const detail = detailOf(kind, bucket) ??
    known.detail.replaceAll("the view's credentials", "the credentials from STS");
  const all = { ...known, ...reason !== undefined && { reason }, detail: detail.replaceAll(STATUS, String(status)) };
  return { problem: all, retryAfter };
}

function detailOf(kind: string, bucket: string | undefined): string | undefined {
  if (kind === "lake-denied") {
    return bucket === undefined
      ? "The lake does not tell the gateway the names of all buckets. Type the name of a bucket."
      : `The lake does not allow the gateway to list bucket ${bucket}. There may be no such bucket.`;
  }
  if (kind === "not-in-lake" && bucket !== undefined) return `The lake has no bucket ${bucket}.`;
  return undefined;
}

/** The problem where STS gives no credentials. */
export function stsProblem({ reason, message }: Cause): ProblemAnswer {
  return { problem: problem(503, "no-credentials", message, { reason }), retryAfter: 2 };
}

/** The problem where S3 has not answered in time, or not at all. */
export function lakeAway(detail: string): ProblemAnswer {
  return { problem: problem(503, "lake-unavailable", detail), retryAfter: 2 };
}

/** The problem where S3 has answered something that is no listing. */
export const NO_LISTING: ProblemAnswer = {
  problem: problem(
    502,
    "lake-failed",
    "The lake has answered something that is no listing. Is AWS_ENDPOINT_URL_S3 that of an S3?",
  ),
  retryAfter: undefined,
};

/** The problem of a person who browses too much. */
export function browsingTooMuch(detail: string): ProblemAnswer {
  return { problem: problem(429, "too-many-listings", detail), retryAfter: 1 };
}
