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
