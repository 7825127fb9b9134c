import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { LakeGateway } from "../../../sidecar/lake/testing/minio_lake.ts";
import type { SessionKeys } from "../../../sidecar/lake/session_credentials.ts";
import { type Origin, originOf } from "./origin.ts";

/** Rows of each file. */
export const ROWS = 1000;

/** Keys of the view's own files. */
export const OWN = ["sales/2026/month=1/orders.parquet", "sales/2026/orders.parquet"];

/** Keys that the view must not read, beside its own. */
export const NEIGHBOURS = [
  "sales/2025/orders.parquet",
  "sales/2026-secret.parquet",
  "sales/2026-secret/orders.parquet",
  "sales/orders.parquet",
];

/** A lake in which a view reads a directory of Parquet files and writes to another, beside names that begin alike. */
export class SalesLake implements AsyncDisposable {
  /** S3 itself. */
  readonly s3: string;
  /** Of the view, for S3 itself. */
  readonly keys: SessionKeys;
  readonly #gateway: LakeGateway;
  readonly #origin: Origin;

  private constructor(gateway: LakeGateway, keys: SessionKeys, origin: Origin) {
    this.s3 = gateway.lake.minio.endpoint;
    this.keys = keys;
    this.#gateway = gateway;
    this.#origin = origin;
  }

  static async start(): Promise<SalesLake> {
    const file = await parquet();
    const gateway = await LakeGateway.start(
      Object.fromEntries([...OWN, ...NEIGHBOURS].map((key) => [`lake/${key}`, file])),
    );
    const view = gateway.lake.view("sales", [
      { bucket: "lake", prefix: "sales/2026" },
      { bucket: "lake", prefix: "reports", access: "readwrite" },
    ]);
    const { keys } = await gateway.lake.credentials(view);
    return new SalesLake(gateway, keys, await originOf("sales.localhost", gateway.gateway.port));
  }

  /** The lake on the view's hostname, which needs no credentials. */
  get below(): string {
    return `${this.#origin.url}/_lake`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#origin[Symbol.asyncDispose]();
    await this.#gateway[Symbol.asyncDispose]();
  }
}

async function parquet(): Promise<Uint8Array<ArrayBuffer>> {
  const directory = await Deno.makeTempDir({ prefix: "parquet-" });
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  try {
    const file = join(directory, "orders.parquet");
    await connection.run(`COPY (SELECT range AS id, 'order ' || range AS name FROM range(${ROWS})) TO '${file}'`);
    return await Deno.readFile(file);
  } finally {
    connection.closeSync();
    instance.closeSync();
    await Deno.remove(directory, { recursive: true });
  }
}
