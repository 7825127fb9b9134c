import { SignatureV4 } from "@smithy/signature-v4";
import { LakeGateway, type LakeGatewayOptions } from "../../../sidecar/lake/testing/minio_lake.ts";
import type { SessionKeys } from "../../../sidecar/lake/session_credentials.ts";
import { KEPT_SECONDS } from "../../../sidecar/lake/kept_signatures.ts";
import { Sha256 } from "../../../sidecar/lake/sha256.ts";
import { staticRoute } from "./static_route.ts";

const HOST = "bench.localhost";
const DIRECT = "direct_lake";

/** What the peer's requests are. */
export const PRESIGNED = "a presigned URL";

export const SMALL_OBJECT = { path: "small.bin", bytes: 1_000 };
export const LARGE_OBJECT = { path: "large.bin", bytes: 16_000_000 };

/** A request for an object: the port of 127.0.0.1, and the path with the query. */
export interface ObjectRequest {
  readonly port: number;
  readonly path: string;
}

/** The gateway before a MinIO with two objects, and beside it a listener with a static route to MinIO. */
export class ReadLake implements AsyncDisposable {
  readonly #gateway: LakeGateway;
  readonly #keys: SessionKeys;
  readonly #direct: number;

  private constructor(gateway: LakeGateway, keys: SessionKeys, direct: number) {
    this.#gateway = gateway;
    this.#keys = keys;
    this.#direct = direct;
  }

  static async start(options: LakeGatewayOptions): Promise<ReadLake> {
    const objects = [SMALL_OBJECT, LARGE_OBJECT].map((
      { path, bytes },
    ) => [`lake/sales/${path}`, new Uint8Array(bytes)]);
    const started = await LakeGateway.start(Object.fromEntries(objects), { keptSeconds: KEPT_SECONDS, ...options });
    const { lake, gateway: { controlPlane, envoy, settings } } = started;
    const view = lake.view("bench", [{ bucket: "lake", prefix: "sales/", access: "read" }]);
    const { keys } = await lake.credentials(view);
    await controlPlane.publish(staticRoute(DIRECT, Number(new URL(lake.minio.endpoint).port), settings));
    return new ReadLake(started, keys, await envoy.port(DIRECT));
  }

  /** The process ID of Envoy. */
  get envoy(): number {
    return this.#gateway.gateway.envoy.pid;
  }

  /** The object on the view's hostname. */
  below(object: string): ObjectRequest {
    return { port: this.#gateway.gateway.port, path: `/_lake/lake/sales/${object}` };
  }

  /** The object by a URL that is good for an hour. */
  async presigned(object: string): Promise<ObjectRequest> {
    const path = `/lake/sales/${object}`;
    const signer = new SignatureV4({
      ...{ service: "s3", region: "us-east-1", credentials: this.#keys, sha256: Sha256, uriEscapePath: false },
    });
    const headers = { host: HOST, "x-amz-content-sha256": "UNSIGNED-PAYLOAD" };
    const request = { method: "GET", protocol: "http:", hostname: HOST, path, query: {}, headers };
    const { query = {} } = await signer.presign(request, { expiresIn: 3600 });
    return { port: this.#direct, path: `${path}?${new URLSearchParams(query as Record<string, string>)}` };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#gateway[Symbol.asyncDispose]();
  }
}
