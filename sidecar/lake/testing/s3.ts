import { SignatureV4 } from "@smithy/signature-v4";
import { encoded } from "../lake_request.ts";
import type { SessionKeys } from "../session_credentials.ts";
import { Sha256 } from "../sha256.ts";

export interface S3Request {
  readonly method?: string;
  /** The encoded path, from the bucket on. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array<ArrayBuffer>;
}

export interface S3Answer {
  readonly status: number;
  readonly text: string;
  /** S3's error code, where there is one. */
  readonly code: string | undefined;
}

/** A client of S3 as a pod would have one, with these keys. */
export function s3(
  endpoint: string,
  keys: Pick<SessionKeys, "accessKeyId" | "secretAccessKey"> & Partial<SessionKeys>,
) {
  const signer = new SignatureV4({
    service: "s3",
    region: "us-east-1",
    credentials: keys,
    sha256: Sha256,
    uriEscapePath: false,
  });
  const { protocol, hostname, host } = new URL(endpoint);
  return async ({ method = "GET", path, query = {}, body }: S3Request): Promise<S3Answer> => {
    const request = { method, protocol, hostname, path, query: { ...query }, headers: { host }, body };
    const { headers } = await signer.sign(request);
    const search = new URLSearchParams(query).toString().replaceAll("+", "%20");
    const response = await fetch(`${endpoint}${path}${search && `?${search}`}`, {
      method,
      headers,
      ...body !== undefined && { body },
    });
    const text = await response.text();
    return { status: response.status, text, code: /<Code>(\w+)<\/Code>/.exec(text)?.[1] };
  };
}

export type S3 = ReturnType<typeof s3>;

/** Writes an object, and its bucket where that is missing. */
export async function put(
  client: S3,
  bucket: string,
  key: string,
  body: string | Uint8Array<ArrayBuffer>,
): Promise<void> {
  const path = `/${bucket}/${key.split("/").map(encoded).join("/")}`;
  let answer = await client({ method: "PUT", path, body });
  if (answer.code === "NoSuchBucket") {
    await client({ method: "PUT", path: `/${bucket}` });
    answer = await client({ method: "PUT", path, body });
  }
  if (answer.status !== 200) throw new Error(`Cannot put ${bucket}/${key}: ${answer.status} ${answer.text}`);
}
