import type { Problem } from "@view-gateway/types";
import { problem } from "../http/problem.ts";

/**
 * What a client gets instead of an error from S3. S3's own texts repeat the request, with the session token.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
 */
export interface LakeError {
  readonly problem: Problem;
  /** Seconds. */
  readonly retryAfter?: number;
}

/** Placeholders for the view's name, which as a label needs no escapes in JSON, and for S3's status. */
export const VIEW = "VIEW";
export const STATUS = "STATUS";

const DENIED =
  "The lake denies this to the view's credentials. AWS S3 answers the same where the object does not exist.";
const NO_OBJECT = "The lake has no such object.";
const CHANGED = "The object does not meet the conditions of the request.";
const NO_RANGE = "The object does not have the requested range.";
const NOT_OFFERED = "The lake does not implement this request.";
const UNAVAILABLE = "The lake is unreachable or overloaded now. Try again.";
const KEY_TOO_LONG = "The key is too long for the lake.";
const ARGUMENT = "The lake does not accept the value of a parameter or of a header.";
const CLOCKS = "The clocks of the gateway and of the lake are too far apart.";
const UNKNOWN_CREDENTIALS = "The lake does not accept the view's credentials any more. Try again.";
const SIGNATURE = "The lake does not accept the gateway's signature. A proxy between them may change requests.";
const ELSEWHERE =
  "The lake has this bucket in another region, or at another endpoint, than the gateway is configured for.";

/** By S3's error code. An answer to HEAD has none, so its status decides. */
export const BY_CODE: Readonly<Record<string, LakeError>> = {
  // The object does not exist, or the view may not read it.
  ...byCode(404, "not-in-lake", NO_OBJECT, "NoSuchKey", "NoSuchVersion"),
  ...byCode(404, "not-in-lake", "The lake has no such bucket.", "NoSuchBucket"),
  ...byCode(403, "lake-denied", DENIED, "AccessDenied", "AllAccessDisabled", "AccountProblem", "NotSignedUp"),
  ...byCode(
    403,
    "object-archived",
    "The object is archived. It has to be restored before it can be read.",
    "InvalidObjectState",
  ),
  // S3 does not accept the request.
  ...byCode(412, "precondition-failed", CHANGED, "PreconditionFailed"),
  ...byCode(416, "range-not-satisfiable", NO_RANGE, "InvalidRange"),
  ...byCode(501, "not-offered", NOT_OFFERED, "NotImplemented"),
  ...byCode(405, "lake-refused", "The lake does not allow this method for the object.", "MethodNotAllowed"),
  ...byCode(409, "lake-refused", "The bucket or the object is being changed. Try again.", "OperationAborted"),
  ...byCode(400, "lake-refused", KEY_TOO_LONG, "KeyTooLongError"),
  ...byCode(400, "lake-refused", "The lake does not accept the name of the object.", "XMinioInvalidObjectName"),
  ...byCode(400, "lake-refused", "The lake does not accept the name of the bucket.", "InvalidBucketName"),
  ...byCode(
    400,
    "lake-refused",
    ARGUMENT,
    "InvalidArgument",
    "InvalidRequest",
    "InvalidURI",
    "InvalidRequestParameter",
    "InvalidPrefixMarker",
  ),
  // The gateway's operator has to act; a client can do nothing.
  ...byCode(
    502,
    "lake-rejects-gateway",
    UNKNOWN_CREDENTIALS,
    "InvalidAccessKeyId",
    "ExpiredToken",
    "InvalidToken",
    "InvalidTokenId",
  ),
  ...byCode(502, "lake-rejects-gateway", UNKNOWN_CREDENTIALS, "TokenRefreshRequired"),
  ...byCode(502, "lake-rejects-gateway", SIGNATURE, "SignatureDoesNotMatch"),
  ...byCode(502, "lake-rejects-gateway", CLOCKS, "RequestTimeTooSkewed"),
  ...byCode(502, "lake-elsewhere", ELSEWHERE, "AuthorizationHeaderMalformed", "PermanentRedirect", "TemporaryRedirect"),
  ...byCode(502, "lake-elsewhere", ELSEWHERE, "Redirect", "IllegalLocationConstraintException"),
  // It is temporary.
  ...byCode(
    503,
    "lake-unavailable",
    UNAVAILABLE,
    "SlowDown",
    "ServiceUnavailable",
    "RequestTimeout",
    "XMinioServerNotInitialized",
  ),
};

/** By S3's status, where the answer has no known code. */
export const BY_STATUS: Readonly<Record<number, LakeError>> = {
  301: lakeError(502, "lake-elsewhere", ELSEWHERE),
  307: lakeError(502, "lake-elsewhere", ELSEWHERE),
  403: lakeError(403, "lake-denied", DENIED),
  404: lakeError(404, "not-in-lake", "The lake has no such object, or no such bucket."),
  405: lakeError(405, "lake-refused", "The lake does not allow this method here."),
  409: lakeError(409, "lake-refused", "The bucket or the object is being changed. Try again."),
  412: lakeError(412, "precondition-failed", CHANGED),
  416: lakeError(416, "range-not-satisfiable", NO_RANGE),
  429: lakeError(503, "lake-unavailable", UNAVAILABLE),
  501: lakeError(501, "not-offered", NOT_OFFERED),
  503: lakeError(503, "lake-unavailable", UNAVAILABLE),
};

/** Any other status from 400 to 499. */
export const REFUSED = lakeError(400, "lake-refused", `The lake does not accept the request (${STATUS}).`);

/** Any other answer. */
export const FAILED = lakeError(502, "lake-failed", `The lake cannot answer now (${STATUS}).`);

function lakeError(status: number, kind: string, detail: string, more: Partial<Problem> = {}): LakeError {
  return { problem: problem(status, kind, detail, { view: VIEW, ...more }), ...status === 503 && { retryAfter: 2 } };
}

/** S3's codes are the problem's `reason`. */
function byCode(status: number, kind: string, detail: string, ...codes: string[]): Record<string, LakeError> {
  return Object.fromEntries(codes.map((reason) => [reason, lakeError(status, kind, detail, { reason })]));
}
