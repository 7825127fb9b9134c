import { Buffer } from "node:buffer";
import type { V1Secret } from "@kubernetes/client-node";
import type { RawSecret } from "../kubernetes/write/secret_writes.ts";
import { KEY_VARIABLES } from "../view/pod_lake.ts";
import { labelsOf } from "../view/labels.ts";
import type { Cause } from "../view/state.ts";
import { credentialFiles } from "./credential_files.ts";
import { SessionCredentials } from "./session_credentials.ts";

/** A Secret with a view's name, as it exists. */
export interface StandingSecret {
  readonly metadata: RawSecret["metadata"];
  /** UID and name of the Service in its ownerReferences, where there is one. */
  readonly owner: { readonly uid: string; readonly name: string } | undefined;
  /** Identifies the task that makes credentials for it now; undefined where none does. */
  readonly claim: string | undefined;
  /** Why the last claim brought no credentials. */
  readonly failure: ClaimFailure | undefined;
  readonly credentials: SessionCredentials | undefined;
  /** A hash of the subsets, the role and the settings that the credentials were made for. */
  readonly madeFor: string | undefined;
}

export interface ClaimFailure {
  readonly claim: string;
  readonly cause: Cause;
}

/** The view that a Secret is made for. */
export interface SecretOwner {
  readonly name: string;
  /** UID of its Service. */
  readonly uid: string;
  /** Labels that the configured selector requires. */
  readonly required: Readonly<Record<string, string>>;
}

/** What to write into a Secret. */
export interface SecretContent {
  readonly claim?: string | undefined;
  readonly failure?: ClaimFailure | undefined;
  readonly credentials?: SessionCredentials | undefined;
  readonly madeFor?: string | undefined;
}

const CLAIM = "view.yolean.se/credentials-claim";
const FAILURE = "view.yolean.se/credentials-failure";
const MADE_AT = "view.yolean.se/credentials-made-at";
const END_AT = "view.yolean.se/credentials-end-at";
const MADE_FOR = "view.yolean.se/credentials-for";

/** A view's Secret. `configText` is the AWS configuration file that its pods read. */
export function secretOf({ name, uid, required }: SecretOwner, content: SecretContent, configText: string): V1Secret {
  const { claim, failure, credentials, madeFor } = content;
  const annotations = {
    ...claim !== undefined && { [CLAIM]: claim },
    ...failure !== undefined && { [FAILURE]: JSON.stringify(failure) },
    ...credentials !== undefined && {
      [MADE_AT]: new Date(credentials.madeAt).toISOString(),
      [END_AT]: new Date(credentials.endAt).toISOString(),
    },
    ...madeFor !== undefined && { [MADE_FOR]: madeFor },
  };
  return {
    apiVersion: "v1",
    kind: "Secret",
    type: "Opaque",
    metadata: {
      name,
      labels: labelsOf(name, required),
      annotations,
      ownerReferences: [{ apiVersion: "v1", kind: "Service", name, uid, controller: true }],
    },
    ...credentials !== undefined && { stringData: dataOf(credentials, configText) },
  };
}

function dataOf(credentials: SessionCredentials, configText: string): Record<string, string> {
  const { accessKeyId, secretAccessKey, sessionToken } = credentials.keys;
  const [id, secret, token] = KEY_VARIABLES;
  return {
    [id]: accessKeyId,
    [secret]: secretAccessKey,
    [token]: sessionToken,
    ...credentialFiles(credentials, configText),
  };
}

/** Reads a Secret. What cannot be read counts as missing. */
export function readSecret({ metadata, data = {} }: RawSecret): StandingSecret {
  const { annotations = {}, ownerReferences = [] } = metadata;
  const owner = ownerReferences.find(({ kind }) => kind === "Service");
  return {
    metadata,
    owner: owner && { uid: owner.uid, name: owner.name },
    claim: annotations[CLAIM],
    failure: failureOf(annotations[FAILURE]),
    credentials: credentialsOf(annotations, data),
    madeFor: annotations[MADE_FOR],
  };
}

function credentialsOf(
  annotations: Readonly<Record<string, string>>,
  data: Readonly<Record<string, string>>,
): SessionCredentials | undefined {
  const [madeAt, endAt] = [MADE_AT, END_AT].map((name) => Date.parse(annotations[name] ?? ""));
  const [accessKeyId, secretAccessKey, sessionToken] = KEY_VARIABLES.map((key) => decoded(data[key]));
  if (!Number.isFinite(madeAt) || !Number.isFinite(endAt)) return undefined;
  if (!accessKeyId || !secretAccessKey || !sessionToken) return undefined;
  return new SessionCredentials({ accessKeyId, secretAccessKey, sessionToken }, madeAt!, endAt!);
}

function failureOf(text: string | undefined): ClaimFailure | undefined {
  if (text === undefined) return undefined;
  try {
    const { claim, cause: { reason, message } } = JSON.parse(text);
    return { claim: String(claim), cause: { reason: String(reason), message: String(message) } };
  } catch {
    return undefined;
  }
}

function decoded(base64: string | undefined): string | undefined {
  return base64 === undefined ? undefined : Buffer.from(base64, "base64").toString();
}
