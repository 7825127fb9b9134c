/** What the environment says beside the view: where S3 is, and limits. */

export interface Settings {
  readonly s3: S3;
  readonly host: string;
  readonly port: number;
  /** DuckDB's httpfs extension, of DuckDB's own version. */
  readonly httpfs: string;
  /** Where DuckDB keeps what does not fit in memory. */
  readonly spill: string;
  /** Bytes that DuckDB may use, where there is a limit. */
  readonly memory: number | undefined;
  readonly threads: number | undefined;
  /** How long a query may take. */
  readonly queryMilliseconds: number;
  /** The most rows that are answered. */
  readonly rows: number;
}

export interface S3 {
  readonly region: string;
  /** `undefined` for AWS itself. */
  readonly endpoint: URL | undefined;
  readonly pathStyle: boolean;
}

/** Reads a variable of the environment. */
export type Get = (name: string) => string | undefined;

/** Deno and the page need their share of the container's memory, too. */
const share = 0.6;

/** @throws Error with what is wrong with a variable */
export function settingsOf(get: Get): Settings {
  const value = (name: string) => get(name) || undefined;
  const number = (name: string) => {
    const text = value(name);
    if (text === undefined) return undefined;
    const parsed = Number(text);
    if (!(parsed > 0)) throw new Error(`${name} is not a positive number: ${text}`);
    return parsed;
  };
  const endpoint = value("AWS_ENDPOINT_URL_S3") ?? value("AWS_ENDPOINT_URL");
  const memory = number("MEMORY_LIMIT_BYTES");
  return {
    s3: {
      region: value("AWS_REGION") ?? value("AWS_DEFAULT_REGION") ?? "us-east-1",
      endpoint: endpoint === undefined ? undefined : new URL(endpoint),
      // What stands in for AWS seldom has a name per bucket.
      pathStyle: (value("AWS_S3_FORCE_PATH_STYLE") ?? String(endpoint !== undefined)) === "true",
    },
    host: value("HOST") ?? "0.0.0.0",
    port: number("PORT") ?? 8080,
    httpfs: value("HTTPFS_EXTENSION") ?? "/app/httpfs.duckdb_extension",
    spill: value("SPILL_DIRECTORY") ?? "/tmp/duckdb",
    memory: memory === undefined ? undefined : Math.floor(memory * share),
    threads: number("QUERY_THREADS"),
    queryMilliseconds: 1000 * (number("QUERY_SECONDS") ?? 60),
    rows: number("QUERY_ROWS") ?? 1000,
  };
}
