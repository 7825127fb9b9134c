import type { Config } from "@view-gateway/types";
import type { PodLake } from "../view/pod_lake.ts";

/** The lake of the gateway's views. */
export interface LakeSettings extends PodLake {
  readonly stsEndpoint: string;
  /** The role whose permissions a view's session policy narrows. */
  readonly roleArn: string;
  readonly credentialsSeconds: number;
  /** A path in Envoy's container. */
  readonly caFile: string;
}

/** The configured lake; undefined where there is none. Endpoints default to those of AWS in the region. */
export function lakeOf(config: Config): LakeSettings | undefined {
  const { lakeRoleArn: roleArn, awsRegion: region, lakePathStyle: pathStyle } = config;
  if (roleArn === undefined) return undefined;
  return {
    roleArn,
    region,
    pathStyle,
    endpoint: origin(config.s3Endpoint ?? `https://s3.${region}.amazonaws.com`),
    stsEndpoint: origin(config.stsEndpoint ?? `https://sts.${region}.amazonaws.com`),
    credentialsSeconds: config.lakeCredentialsSeconds,
    caFile: config.lakeCaFile,
  };
}

/** Without a trailing slash, and without the port that the scheme implies. */
function origin(url: string): string {
  return new URL(url).origin;
}
