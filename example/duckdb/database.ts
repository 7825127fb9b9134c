/** DuckDB over the view's subsets, and over nothing else: neither files of the container nor other addresses. */
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { type Credentials, same } from "./credentials.ts";
import { literal, location } from "./names.ts";
import type { S3, Settings } from "./settings.ts";
import type { Subset } from "./view.ts";

/** Answers the view's credentials as they are now. */
export type CredentialSource = () => Promise<Credentials | undefined>;

export class Database {
  readonly #instance: DuckDBInstance;
  readonly #s3: S3;
  /** A view without subsets has none. */
  #credentials: CredentialSource = () => Promise.resolve(undefined);
  /** What DuckDB has, or is being given. */
  #known: Credentials | undefined;
  #renewed: Promise<unknown> = Promise.resolve();

  private constructor(instance: DuckDBInstance, s3: S3) {
    this.#instance = instance;
    this.#s3 = s3;
  }

  /** Loads all that no view is needed for. Before anybody else asks, `confine` has to shut it in. */
  static async open(settings: Settings): Promise<Database> {
    const { memory, threads, httpfs, spill, s3 } = settings;
    const instance = await DuckDBInstance.create(":memory:", {
      autoinstall_known_extensions: "false",
      autoload_known_extensions: "false",
      temp_directory: spill,
      ...memory !== undefined && { memory_limit: `${memory}B` },
      ...threads !== undefined && { threads: String(threads) },
    });
    const database = new Database(instance, s3);
    await database.#use(async (connection) => {
      await connection.run(`LOAD ${literal(httpfs)}`);
      await connection.run("SET GLOBAL TimeZone = 'UTC'");
      await connection.run("SET GLOBAL http_timeout = 20");
      await connection.run("SET GLOBAL allow_persistent_secrets = false");
      // The first secret opens DuckDB's store of secrets, which it can no longer do once it is shut in.
      await connection.run(secret({ accessKeyId: "", secretAccessKey: "", sessionToken: undefined }, s3));
    });
    return database;
  }

  /** Shuts it in, for good: from here on it reads these subsets alone. */
  async confine(subsets: readonly Subset[], credentials: CredentialSource): Promise<void> {
    await this.#use(async (connection) => {
      const directories = subsets.map((subset) => literal(location(subset)));
      await connection.run(`SET GLOBAL allowed_directories = [${directories}]`);
      await connection.run("SET GLOBAL enable_external_access = false");
      await connection.run("SET GLOBAL lock_configuration = true");
    });
    if (subsets.length > 0) this.#credentials = credentials;
  }

  /** Uses a connection of its own, with credentials that are up to date. */
  async use<T>(work: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
    return await this.#use(async (connection) => {
      await this.#renew(connection);
      await this.#renewed;
      return await work(connection);
    });
  }

  close(): void {
    this.#instance.closeSync();
  }

  async #use<T>(work: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
    const connection = await this.#instance.connect();
    try {
      return await work(connection);
    } finally {
      connection.closeSync();
    }
  }

  /** Looks before each query, which costs less than a timer that may be late: a node may have slept. */
  async #renew(connection: DuckDBConnection): Promise<void> {
    const credentials = await this.#credentials();
    if (credentials === undefined || same(credentials, this.#known)) return;
    this.#known = credentials;
    // One after the other: DuckDB refuses a change that meets another.
    const renewed = this.#renewed.then(() => connection.run(secret(credentials, this.#s3)));
    this.#renewed = renewed.catch(() => this.#known = undefined);
    await renewed;
  }
}

function secret(credentials: Credentials, { endpoint, region, pathStyle }: S3): string {
  const options: Record<string, string> = {
    KEY_ID: literal(credentials.accessKeyId),
    SECRET: literal(credentials.secretAccessKey),
    REGION: literal(region),
    URL_STYLE: pathStyle ? "'path'" : "'vhost'",
    ...credentials.sessionToken !== undefined && { SESSION_TOKEN: literal(credentials.sessionToken) },
    ...endpoint && { ENDPOINT: literal(endpoint.host), USE_SSL: String(endpoint.protocol === "https:") },
  };
  const text = Object.entries(options).map(([name, value]) => `${name} ${value}`).join(", ");
  return `CREATE OR REPLACE SECRET lake (TYPE s3, ${text})`;
}
