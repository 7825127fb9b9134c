/** Why a view has failed: a word and a sentence, Kubernetes' own where it is Kubernetes that knows. */
export interface Cause {
  readonly reason: string;
  readonly message: string;
}

/** Who can mend it: whoever made the view or its data, or whoever runs the gateway, its templates and the cluster. */
export type FailureOwner = "view" | "platform";

/** The view is awake, and Envoy refuses what it is told of it. */
export const NOT_ROUTED = "EnvoyRejected";

/** A former object of the view's keeps the name that it needs. */
export const BEING_DELETED = { Job: "JobBeingDeleted", Secret: "SecretBeingDeleted" } as const;

/** All reasons that are not in the list, which come from nodes, plug-ins and AWS, and may be anything. */
export const OTHER = "Other";

/** The reasons of failed starts that are well known, so that each may name a metric's series. */
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

/** The reason, or `OTHER` for one that is not well known. */
export function knownReason(reason: string): string {
  return Object.hasOwn(REASONS, reason) ? reason : OTHER;
}
