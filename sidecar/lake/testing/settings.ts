import type { LakeSettings } from "../settings.ts";

/** A lake whose S3 and STS are at one endpoint, as MinIO's are. */
export function lakeSettings(endpoint: string, caFile = "/ca"): LakeSettings {
  return {
    endpoint,
    caFile,
    stsEndpoint: endpoint,
    region: "us-east-1",
    pathStyle: true,
    roleArn: "arn:aws:iam::000000000000:role/lake",
    credentialsSeconds: 900,
  };
}
