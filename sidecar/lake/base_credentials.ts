import { AssumeRoleWithWebIdentityCommand } from "@aws-sdk/client-sts";
import type { BASE_VARIABLES } from "./base_variables.ts";
import { Deadline } from "../async/deadline.ts";
import type { LakeSettings } from "./settings.ts";
import { type BaseKeys, stsClient } from "./sts_client.ts";

/** The gateway has no credentials of its own, or cannot get them. The message may be shown to anybody. */
export class BaseCredentialsError extends Error {
  override readonly name = "BaseCredentialsError";
}

type Get = (variable: typeof BASE_VARIABLES[number]) => string | undefined;

/**
 * The sidecar's own credentials: keys in the environment, else a service account's token for a role (EKS: IRSA), else an
 * agent on the node (EKS Pod Identity). The SDK's default provider also looks in files, programs and the node's metadata,
 * which the sidecar may not reach. The SDK calls this again before the credentials expire.
 */
export function baseCredentials(
  settings: Pick<LakeSettings, "region" | "stsEndpoint">,
  get: Get,
): () => Promise<BaseKeys> {
  return async () => {
    const source = sourceOf(get);
    if (source === undefined) throw new BaseCredentialsError(NONE);
    try {
      switch (source.kind) {
        case "keys":
          return source.keys;
        case "web identity":
          return await webIdentity(settings, source);
        case "agent":
          return await agent(source);
      }
    } catch (error) {
      // The answer and the token's file are secret.
      throw new BaseCredentialsError(
        `The gateway cannot get its own AWS credentials (${source.kind}): ${nameOf(error)}.`,
      );
    }
  };
}

const NONE =
  "The gateway has no AWS credentials of its own: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or give its service " +
  "account a role.";

/** Problems of these credentials that show before use: there are none, or a file cannot be read. */
export async function baseProblems(get: Get): Promise<readonly string[]> {
  const source = sourceOf(get);
  if (source === undefined) return [NONE];
  const [variable, file] = source.kind === "web identity"
    ? ["AWS_WEB_IDENTITY_TOKEN_FILE", source.file]
    : source.kind === "agent"
    ? ["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", source.tokenFile]
    : [];
  if (file === undefined) return [];
  try {
    await Deno.readTextFile(file);
    return [];
  } catch (error) {
    return [`${variable} must be a file to read, but is "${file}": ${nameOf(error)}`];
  }
}

type Source =
  | { readonly kind: "keys"; readonly keys: BaseKeys }
  | { readonly kind: "web identity"; readonly file: string; readonly role: string }
  | { readonly kind: "agent"; readonly url: string; readonly tokenFile: string | undefined };

function sourceOf(get: Get): Source | undefined {
  const [accessKeyId, secretAccessKey] = [get("AWS_ACCESS_KEY_ID"), get("AWS_SECRET_ACCESS_KEY")];
  if (accessKeyId && secretAccessKey) {
    const sessionToken = get("AWS_SESSION_TOKEN");
    return { kind: "keys", keys: { accessKeyId, secretAccessKey, ...sessionToken && { sessionToken } } };
  }
  const [file, role] = [get("AWS_WEB_IDENTITY_TOKEN_FILE"), get("AWS_ROLE_ARN")];
  if (file && role) return { kind: "web identity", file, role };
  const url = get("AWS_CONTAINER_CREDENTIALS_FULL_URI");
  return url ? { kind: "agent", url, tokenFile: get("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE") } : undefined;
}

async function webIdentity(
  settings: Pick<LakeSettings, "region" | "stsEndpoint">,
  { file, role }: Source & { readonly kind: "web identity" },
): Promise<BaseKeys> {
  const token = (await Deno.readTextFile(file)).trim();
  const client = stsClient(settings, () => Promise.reject(new Error("This call is not signed.")));
  try {
    const { Credentials } = await client.send(
      new AssumeRoleWithWebIdentityCommand({
        RoleArn: role,
        RoleSessionName: "view-gateway",
        WebIdentityToken: token,
      }),
    );
    return complete(
      Credentials?.AccessKeyId,
      Credentials?.SecretAccessKey,
      Credentials?.SessionToken,
      Credentials?.Expiration,
    );
  } finally {
    client.destroy();
  }
}

/** https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html */
async function agent({ url, tokenFile }: Source & { readonly kind: "agent" }): Promise<BaseKeys> {
  const authorization = tokenFile === undefined ? undefined : (await Deno.readTextFile(tokenFile)).trim();
  using limit = new Deadline([], AGENT_LIMIT);
  const response = await fetch(url, {
    headers: authorization === undefined ? {} : { authorization },
    signal: limit.signal,
    redirect: "error",
  });
  const text = await response.text();
  if (!response.ok) throw new BaseCredentialsError(`status ${response.status}`);
  const { AccessKeyId, SecretAccessKey, Token, Expiration } = JSON.parse(text);
  return complete(AccessKeyId, SecretAccessKey, Token, new Date(Expiration));
}

const AGENT_LIMIT = 3_000;

function complete(
  accessKeyId: string | undefined,
  secretAccessKey: string | undefined,
  sessionToken: string | undefined,
  expiration: Date | undefined,
): BaseKeys {
  if (!accessKeyId || !secretAccessKey || !sessionToken || !Number.isFinite(expiration?.getTime())) {
    throw new BaseCredentialsError("incomplete answer");
  }
  return { accessKeyId, secretAccessKey, sessionToken, expiration: expiration! };
}

function nameOf(error: unknown): string {
  return error instanceof BaseCredentialsError ? error.message : (error as Error).name;
}
