/** Why a view has failed: a word and a sentence, Kubernetes' own if it has them. */
export interface Cause {
  readonly reason: string;
  readonly message: string;
}

/** Who can fix it: the owner of the view and its data, or the operator of the gateway, its templates and the cluster. */
export type FailureOwner = "view" | "platform";

/** The view is awake, and Envoy rejects its resources. */
export const NOT_ROUTED = "EnvoyRejected";

/** A former object of the view still has the name. */
export const BEING_DELETED = { Job: "JobBeingDeleted", Secret: "SecretBeingDeleted" } as const;

/** All other reasons, which come from nodes, plug-ins and AWS. */
export const OTHER = "Other";

/** The well-known reasons of failed starts, each of which may be a label value of a metric. */
export const REASONS: Readonly<Record<string, FailureOwner>> = {
  BackoffLimitExceeded: "view",
  Completed: "view",
  ContainerCannotRun: "platform",
  CrashLoopBackOff: "view",
  CreateContainerConfigError: "platform",
  CreateContainerError: "platform",
  CredentialsTimeout: "platform",
  DeadlineExceeded: "view",
  [NOT_ROUTED]: "platform",
  ErrImageNeverPull: "platform",
  ErrImagePull: "platform",
  Error: "view",
  Evicted: "platform",
  FailedCreate: "platform",
  Forbidden: "platform",
  ImageInspectError: "platform",
  ImagePullBackOff: "platform",
  Invalid: "platform",
  InvalidAnswer: "platform",
  InvalidBucketName: "view",
  InvalidImageName: "platform",
  InvalidSpec: "view",
  InvalidTemplate: "view",
  [BEING_DELETED.Job]: "view",
  JobNameTaken: "view",
  NoBaseCredentials: "platform",
  NoLake: "view",
  NoSuchBucket: "view",
  OOMKilled: "view",
  PackedPolicyTooLarge: "view",
  RunContainerError: "platform",
  [BEING_DELETED.Secret]: "view",
  SecretNameTaken: "view",
  StartError: "platform",
  StsUnreachable: "platform",
  Unreachable: "view",
  Unschedulable: "platform",
  [OTHER]: "platform",
};

/** The reason if it is well known, otherwise `OTHER`. */
export function knownReason(reason: string): string {
  return Object.hasOwn(REASONS, reason) ? reason : OTHER;
}
