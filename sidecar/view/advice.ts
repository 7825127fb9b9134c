/** What a person can do about each cause of a failed start. */
const ADVICE: readonly (readonly [RegExp, string])[] = [
  [/Image/, "Check the image's name in the template, and whether the cluster's nodes may pull it."],
  [/^Unschedulable$/, "No node has room for its pod. Kubernetes keeps trying: wait, or let other views sleep."],
  [
    /^OOMKilled$/,
    "Its container needs more memory than the template allows. Raise the template's limit, or read less.",
  ],
  [
    /^(DeadlineExceeded|Unreachable)$/,
    "Its container did not become ready. Check the port on which it listens, and the template's readiness probe.",
  ],
  [/^Completed$/, "Its container ended by itself. A view's program must serve until it is told to end."],
  [/^(Error|CrashLoopBackOff|BackoffLimitExceeded)$/, "Its container failed. Read its log, and correct its program."],
  [
    /^(CreateContainer|RunContainer|ContainerCannotRun|StartError)/,
    "Check the command and the mounts of the template.",
  ],
  [/^InvalidTemplate$/, "Correct the template, or give the view another one."],
  [/^(InvalidSpec|InvalidBucketName|PackedPolicyTooLarge)$/, "Correct the view's spec."],
  [/^NoSuchBucket$/, "Create the bucket, or correct the view's subsets."],
  [/^NoLake$/, "This gateway has no lake: remove the view's subsets."],
  [
    /^(NoBaseCredentials|StsUnreachable|CredentialsTimeout|InvalidAnswer)$/,
    "The gateway gets no credentials for the lake. Ask the people who run it.",
  ],
  [
    /^(FailedCreate|Forbidden|Invalid)$/,
    "Kubernetes refuses its Job or pod. Look at the namespace's quotas and policies.",
  ],
  [/^(Job|Secret)(NameTaken|BeingDeleted)$/, "Another object has its name. Delete that, or remove its finalizer."],
  [/^Evicted$/, "Its node had too little memory or disk. Open the view again."],
];

/** What a person can do about a view that has failed for this reason. */
export function adviceFor(reason: string): string {
  return ADVICE.find(([reasons]) => reasons.test(reason))?.[1] ??
    "Read the message. If you cannot mend it, ask the people who run the gateway.";
}
