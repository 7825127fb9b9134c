import { ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { core } from "../cluster/cluster.ts";
import type { View } from "./view.ts";

export const SALES = [{ bucket: "lake", prefix: "sales/2026/" }];

interface ProcessCredentials {
  readonly AccessKeyId: string;
  readonly SecretAccessKey: string;
  readonly SessionToken: string;
}

/**
 * S3 with the credentials in a view's Secret, which its pods mount. This process has to be in the network of the pods.
 */
export async function s3Of(view: View): Promise<S3Client> {
  const { spec } = await core.readNamespacedService({ namespace: "lake", name: "minio" });
  const { data } = await core.readNamespacedSecret({ namespace: view.gateway.viewsNamespace, name: view.name });
  const text = Buffer.from(data!["credentials.json"]!, "base64").toString();
  const { AccessKeyId, SecretAccessKey, SessionToken } = JSON.parse(text) as ProcessCredentials;
  return new S3Client({
    endpoint: `http://${spec!.clusterIP}:${spec!.ports![0]!.port}`,
    region: "us-east-1",
    forcePathStyle: true,
    credentials: { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken },
  });
}

/** The keys below a prefix, as S3 lists them. */
export async function keysBelow(s3: S3Client, prefix: string): Promise<readonly string[]> {
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: "lake", Prefix: prefix }));
  return Contents.map(({ Key }) => Key!);
}
