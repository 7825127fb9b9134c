import { CONFIG_FILE, CREDENTIALS_FILE, credentialsFile, LAKE_DIRECTORY, PROCESS_FILE } from "../view/pod_lake.ts";
import type { SessionCredentials } from "./session_credentials.ts";

/** The files with a view's credentials, by name. `configText` is the AWS configuration file. */
export function credentialFiles({ keys, endAt }: SessionCredentials, configText: string): Record<string, string> {
  return {
    [CONFIG_FILE]: configText,
    [CREDENTIALS_FILE]: credentialsFile(keys),
    // https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html
    [PROCESS_FILE]: JSON.stringify({
      Version: 1,
      AccessKeyId: keys.accessKeyId,
      SecretAccessKey: keys.secretAccessKey,
      SessionToken: keys.sessionToken,
      Expiration: new Date(endAt).toISOString(),
    }),
  };
}

/** The same by their paths in a pod. */
export function filesInPod(credentials: SessionCredentials, configText: string): Record<string, string> {
  const files = Object.entries(credentialFiles(credentials, configText));
  return Object.fromEntries(files.map(([name, text]) => [`${LAKE_DIRECTORY}/${name}`, text]));
}
