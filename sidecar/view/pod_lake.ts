import type { V1Container, V1EnvVar, V1Volume, V1VolumeMount } from "@kubernetes/client-node";

/** The lake's settings for views' pods. */
export interface PodLake {
  /** URL of S3. */
  readonly endpoint: string;
  readonly region: string;
  /** Whether the bucket's name is in the path instead of the hostname. */
  readonly pathStyle: boolean;
}

/** The Secret's keys for environment variables. */
export const KEY_VARIABLES = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"] as const;

/** The Secret's keys for files, which the kubelet keeps up to date. */
export const CONFIG_FILE = "config";
export const CREDENTIALS_FILE = "credentials";
export const PROCESS_FILE = "credentials.json";

/**
 * On a template's pod: `true` sets the keys as environment variables too. A program that finds variables never reads the files,
 * so its credentials expire at some time: use it only for programs that cannot read files.
 */
export const KEYS_IN_ENVIRONMENT = "view.yolean.se/aws-keys-in-environment";

/** Path of the Secret's files in each container. */
export const LAKE_DIRECTORY = "/var/run/secrets/view.yolean.se/lake";
const VOLUME = "view-gateway-lake";

/** The profile with the keys in a file, for images without `cat`; the default profile runs `cat`. */
const FILE_PROFILE = "file";

/**
 * The AWS configuration file. Every SDK runs the default profile's `credential_process` again before credentials expire. Most
 * SDKs read keys from a file only once, and prefer them to a process, so the keys' file has no default profile.
 */
export function configFile({ endpoint, region, pathStyle }: PodLake): string {
  const common = [
    `region = ${region}`,
    "services = lake",
    "s3 =",
    `  addressing_style = ${pathStyle ? "path" : "virtual"}`,
  ];
  return [
    "[default]",
    `credential_process = cat ${LAKE_DIRECTORY}/${PROCESS_FILE}`,
    ...common,
    "",
    `[profile ${FILE_PROFILE}]`,
    ...common,
    "",
    "[services lake]",
    "s3 =",
    `  endpoint_url = ${endpoint}`,
    "",
  ].join("\n");
}

/** The AWS credentials file. */
export function credentialsFile(keys: {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}): string {
  return [
    `[${FILE_PROFILE}]`,
    `aws_access_key_id = ${keys.accessKeyId}`,
    `aws_secret_access_key = ${keys.secretAccessKey}`,
    `aws_session_token = ${keys.sessionToken}`,
    "",
  ].join("\n");
}

/** The volume with the credentials from the view's Secret. */
export function lakeVolume(secretName: string): V1Volume {
  const items = [CONFIG_FILE, CREDENTIALS_FILE, PROCESS_FILE].map((key) => ({ key, path: key }));
  // The image may run as any user; only the pod sees the files.
  return { name: VOLUME, secret: { secretName, items, defaultMode: 0o444 } };
}

/** The same place where the pod has no view yet: in memory, written by the image with what its assignment brings. */
export const UNASSIGNED_LAKE_VOLUME: V1Volume = { name: VOLUME, emptyDir: { medium: "Memory", sizeLimit: "1Mi" } };

/** How a pod gets the lake's files. */
export interface LakeFiles {
  readonly lake: PodLake;
  readonly volume: V1Volume;
  /** The Secret from which the keys come as variables too; undefined where they do not. */
  readonly keysFrom?: string | undefined;
}

/** The volumes with this one, which replaces a volume of its name. A manifest may have null for a list. */
export function withLakeVolume(volumes: readonly V1Volume[] | null | undefined, volume: V1Volume): V1Volume[] {
  return [...(volumes ?? []).filter(({ name }) => name !== VOLUME), volume];
}

/** The container with the lake's files and variables, which replace its own of the same names. */
export function withLake(container: V1Container, { lake, volume, keysFrom }: LakeFiles): V1Container {
  const variables = [...environment(lake), ...keysFrom === undefined ? [] : keyVariables(keysFrom)];
  const names = new Set(variables.map(({ name }) => name));
  const mount: V1VolumeMount = {
    name: VOLUME,
    mountPath: LAKE_DIRECTORY,
    ...volume.secret && { readOnly: true },
  };
  return {
    ...container,
    env: [...(container.env ?? []).filter(({ name }) => !names.has(name)), ...variables],
    volumeMounts: [...(container.volumeMounts ?? []).filter(({ name }) => name !== VOLUME), mount],
  };
}

function environment({ endpoint, region, pathStyle }: PodLake): V1EnvVar[] {
  return [
    { name: "AWS_REGION", value: region },
    { name: "AWS_DEFAULT_REGION", value: region },
    { name: "AWS_ENDPOINT_URL_S3", value: endpoint },
    // No SDK reads this one; it is for a view's own program.
    { name: "AWS_S3_FORCE_PATH_STYLE", value: String(pathStyle) },
    { name: "AWS_CONFIG_FILE", value: `${LAKE_DIRECTORY}/${CONFIG_FILE}` },
    { name: "AWS_SHARED_CREDENTIALS_FILE", value: `${LAKE_DIRECTORY}/${CREDENTIALS_FILE}` },
    { name: "AWS_SDK_LOAD_CONFIG", value: "1" },
    // A view whose credentials fail must not use those of its node.
    { name: "AWS_EC2_METADATA_DISABLED", value: "true" },
  ];
}

function keyVariables(name: string): V1EnvVar[] {
  return KEY_VARIABLES.map((key) => ({ name: key, valueFrom: { secretKeyRef: { name, key } } }));
}
