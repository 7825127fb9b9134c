import type { Problem } from "@view-gateway/types";

/**
 * A problem in S3's form of an error. AWS SDKs read no other form, and report a problem document as a broken answer.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html#RESTErrorResponses
 */
export function s3Error({ status, detail, reason = CODES[status] ?? "InternalError" }: Problem): string {
  const [code, message] = [reason, detail].map((text) => text.replaceAll(/[&<>]/g, (c) => `&#${c.charCodeAt(0)};`));
  return `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message></Error>\n`;
}

export const S3_ERROR_CONTENT_TYPE = "application/xml";

/** S3's codes for problems without a reason. */
const CODES: Readonly<Record<number, string>> = {
  400: "InvalidRequest",
  401: "AccessDenied",
  403: "AccessDenied",
  404: "NotFound",
  405: "MethodNotAllowed",
  409: "OperationAborted",
  412: "PreconditionFailed",
  416: "InvalidRange",
  501: "NotImplemented",
  503: "ServiceUnavailable",
};
