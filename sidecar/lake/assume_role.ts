import { AssumeRoleCommand } from "@aws-sdk/client-sts";
import { Backoff } from "../async/backoff.ts";
import type { Pause } from "../async/pause.ts";
import type { Cause } from "../view/state.ts";
import { BaseCredentialsError } from "./base_credentials.ts";
import { SessionCredentials } from "./session_credentials.ts";
import type { LakeSettings } from "./settings.ts";
import { type BaseKeys, stsClient } from "./sts_client.ts";

/** Makes credentials for a view, or for a person who browses: `session` names them in the logs of AWS. @throws AssumeRoleError, or the signal's reason */
export type AssumeRole = (session: string, policy: string, signal: AbortSignal) => Promise<SessionCredentials>;

/** Why there are no credentials. The message may be shown to anybody. */
export class AssumeRoleError extends Error {
  override readonly name = "AssumeRoleError";

  constructor(override readonly cause: Cause) {
    super(`${cause.reason}: ${cause.message}`);
  }
}

export interface AssumeRoleOptions {
  readonly settings: Pick<LakeSettings, "roleArn" | "region" | "stsEndpoint" | "credentialsSeconds">;
  /** The sidecar's own credentials. */
  readonly base: () => Promise<BaseKeys>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** From 0 to below 1. */
  readonly random: () => number;
  readonly pause: Pause;
}

/** Number of tries before a failure of STS counts. */
const TRIES = 3;

/** AssumeRole of STS. It retries here and not in the SDK, so that the signal ends it and the time comes from outside. */
export function assumeRole({ settings, base, now, random, pause }: AssumeRoleOptions): AssumeRole {
  const client = stsClient(settings, base);
  return async (session, policy, signal) => {
    const backoff = new Backoff(random, 250, 2_000);
    for (let tries = 1;; tries++) {
      signal.throwIfAborted();
      const madeAt = now();
      try {
        const command = new AssumeRoleCommand({
          RoleArn: settings.roleArn,
          RoleSessionName: sessionName(session),
          DurationSeconds: settings.credentialsSeconds,
          Policy: policy,
        });
        return credentialsOf((await client.send(command, { abortSignal: signal })).Credentials, madeAt);
      } catch (error) {
        signal.throwIfAborted();
        if (!isPassing(error) || tries === TRIES) throw new AssumeRoleError(causeOf(error));
        await pause(backoff.next(), signal);
      }
    }
  };
}

/** STS requires 2 to 64 characters. A view's name may have one. */
function sessionName(view: string): string {
  return (view.length < 2 ? `view-${view}` : view).slice(0, 64);
}

interface Answered {
  readonly AccessKeyId?: string | undefined;
  readonly SecretAccessKey?: string | undefined;
  readonly SessionToken?: string | undefined;
  readonly Expiration?: Date | undefined;
}

function credentialsOf(answered: Answered | undefined, madeAt: number): SessionCredentials {
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = answered ?? {};
  if (!AccessKeyId || !SecretAccessKey || !SessionToken || Expiration === undefined) {
    throw new AssumeRoleError({ reason: "InvalidAnswer", message: "STS has answered without credentials." });
  }
  const keys = { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
  return new SessionCredentials(keys, madeAt, Expiration.getTime());
}

interface SdkError {
  readonly name: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
  readonly $response?: unknown;
}

const THROTTLED = new Set(["Throttling", "ThrottlingException", "RequestLimitExceeded", "TooManyRequestsException"]);

/** Whether a retry may help: STS is overloaded, broken or unreachable. */
function isPassing(error: unknown): boolean {
  if (error instanceof AssumeRoleError) return false;
  const { name, $metadata } = error as SdkError;
  const status = $metadata?.httpStatusCode;
  return THROTTLED.has(name) || status === undefined && unreachable(error) || status === 429 || (status ?? 0) >= 500;
}

function unreachable(error: unknown): boolean {
  return error instanceof TypeError || (error as Error).name === "TimeoutError";
}

/**
 * The cause in the gateway's own words. STS' own sentences may repeat the request with the sidecar's session token, and
 * its error codes are enough.
 */
function causeOf(error: unknown): Cause {
  if (error instanceof AssumeRoleError) return error.cause;
  const { name, $metadata } = error as SdkError;
  const status = $metadata?.httpStatusCode;
  if (status === undefined && unreachable(error)) {
    return { reason: "StsUnreachable", message: "STS cannot be reached, so there are no credentials for the lake." };
  }
  if (error instanceof BaseCredentialsError) return { reason: "NoBaseCredentials", message: error.message };
  const reason = /^[A-Za-z0-9.]{1,100}$/.test(name) ? name : "StsError";
  return { reason, message: `${MEANINGS[reason] ?? "STS gives no credentials for the lake"} (status ${status}).` };
}

const MEANINGS: Readonly<Record<string, string>> = {
  AccessDenied: "STS denies the gateway the role of the lake",
  ExpiredTokenException: "STS finds the gateway's own credentials expired",
  InvalidClientTokenId: "STS does not know the gateway's own credentials",
  MalformedPolicyDocument: "STS does not accept the session policy for these subsets",
  PackedPolicyTooLarge: "STS finds the session policy for these subsets too large",
  RegionDisabledException: "STS is not active in the configured region",
  SignatureDoesNotMatch: "STS does not accept the signature by the gateway's own credentials",
  Throttling: "STS is asked too often",
  ThrottlingException: "STS is asked too often",
  ValidationError: "STS does not accept the configured role or duration",
};
