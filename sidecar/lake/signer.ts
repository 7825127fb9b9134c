import { SignatureV4 } from "@smithy/signature-v4";
import { encoded, type Read } from "./lake_request.ts";
import type { SessionCredentials } from "./session_credentials.ts";
import type { LakeSettings } from "./settings.ts";
import { Sha256 } from "./sha256.ts";

/** The request that Envoy sends to S3. */
export interface Signed {
  /** Path and query. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Signs a read. https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html */
export async function signed(
  { method, path, query }: Pick<Read, "method" | "path" | "query">,
  credentials: SessionCredentials,
  { endpoint, region }: Pick<LakeSettings, "endpoint" | "region">,
  now: number,
): Promise<Signed> {
  const { protocol, hostname, host } = new URL(endpoint);
  const signer = new SignatureV4({
    service: "s3",
    region,
    credentials: credentials.keys,
    sha256: Sha256,
    // S3 is the only service whose path is encoded once.
    uriEscapePath: false,
    applyChecksum: true,
  });
  const request = { method, protocol, hostname, path, query: { ...query }, headers: { host } };
  const { headers } = await signer.sign(request, { signingDate: new Date(now) });
  // Envoy's route sets the host of S3.
  const { host: _, ...rest } = headers;
  const parameters = Object.entries(query).map(([name, value]) => `${encoded(name)}=${encoded(value)}`).join("&");
  return { target: parameters === "" ? path : `${path}?${parameters}`, headers: rest };
}
