/**
 * A header of the first column has no meaning beside that of the second, and S3 must not see it.
 *
 * `If-Range` asks for the whole object where the object has changed. MinIO ignores it and answers with a part of the new
 * object, which the client joins to parts of the old one. The whole object is always a correct answer.
 *
 * MinIO evaluates `If-Modified-Since` beside `If-None-Match`, and reports a changed object as unchanged.
 * https://www.rfc-editor.org/rfc/rfc9110#section-13.2.2
 */
const SUPERSEDED: Readonly<Record<string, string>> = {
  "range": "if-range",
  "if-modified-since": "if-none-match",
  "if-unmodified-since": "if-match",
};

/** The names of these headers in a request. */
export function superseded(sent: ReadonlyMap<string, string>): readonly string[] {
  return Object.entries(SUPERSEDED).filter(([name, by]) => sent.has(name) && sent.has(by)).map(([name]) => name);
}

/**
 * The headers that tell who asks. An S3 client cannot send a token of the gateway's as other programs do, since it signs its
 * requests. It has one as the session token of its credentials, which are otherwise nobody's.
 */
export function askingHeaders(sent: ReadonlyMap<string, string>): { readonly get: (name: string) => string | null } {
  const sessionToken = sent.get("x-amz-security-token");
  const all: ReadonlyMap<string, string> = new Map([
    ...sent,
    ["host", sent.get(":authority") ?? ""],
    ...sessionToken === undefined ? [] : [["authorization", `Bearer ${sessionToken}`] as const],
  ]);
  return { get: (name) => all.get(name) ?? null };
}

/** Whether an S3 client has sent this: AWS SDKs send `amz-sdk-*` with each request, and a signed one has an `x-amz-*`. */
export function speaksS3(sent: ReadonlyMap<string, string>): boolean {
  return sent.keys().some((name) => name.startsWith("amz-sdk-") || name.startsWith("x-amz-"));
}
