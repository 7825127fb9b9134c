import { STSClient } from "@aws-sdk/client-sts";
import { FetchHttpHandler } from "@smithy/fetch-http-handler";
import type { LakeSettings } from "./settings.ts";

/** Keys that sign a request. */
export interface BaseKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly expiration?: Date;
}

/** Milliseconds for one call. */
const LIMIT = 3_000;

/** A client of STS over fetch. It reads no files and no variables, and tries each call once. */
export function stsClient(
  { region, stsEndpoint }: Pick<LakeSettings, "region" | "stsEndpoint">,
  base: () => Promise<BaseKeys>,
): STSClient {
  return new STSClient({
    region,
    endpoint: stsEndpoint,
    credentials: base,
    requestHandler: new FetchHttpHandler({ requestTimeout: LIMIT }),
    maxAttempts: 1,
    // Without each of these the SDK would read files of the home directory.
    retryMode: "standard",
    defaultsMode: "standard",
    authSchemePreference: [],
    useDualstackEndpoint: false,
    useFipsEndpoint: false,
    userAgentAppId: "view-gateway",
    disableClockSkewCorrection: false,
    sigv4aSigningRegionSet: [],
    defaultUserAgentProvider: () => Promise.resolve([["view-gateway"]]),
  });
}
