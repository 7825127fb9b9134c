/** One Parquet file: what its footer says, and its rows, of which only the parts that are asked for are read. */
import {
  cachedAsyncBuffer,
  type FileMetaData,
  parquetMetadataAsync,
  parquetReadObjects,
  parquetSchema,
} from "hyparquet";
import { compressors } from "hyparquet-compressors";
import type { RemoteFile } from "./lake.ts";
import { typeName } from "./type_name.ts";

/** The end of a file, which has the footer, and seldom much more. */
const footerBytes = 1 << 15;

export interface FileColumn {
  readonly name: string;
  readonly type: string;
  readonly codec: string;
  /** Compressed. */
  readonly bytes: number;
  readonly nulls: number | undefined;
  readonly min: unknown;
  readonly max: unknown;
}

export class ParquetFile {
  readonly rows: number;
  readonly columns: readonly FileColumn[];
  readonly #file: RemoteFile;
  readonly #metadata: FileMetaData;

  private constructor(file: RemoteFile, metadata: FileMetaData) {
    this.#file = file;
    this.#metadata = metadata;
    this.rows = Number(metadata.num_rows);
    this.columns = columnsOf(metadata);
  }

  static async open(remote: RemoteFile): Promise<ParquetFile> {
    const file = cachedAsyncBuffer(remote);
    return new ParquetFile(file as RemoteFile, await parquetMetadataAsync(file, { initialFetchSize: footerBytes }));
  }

  get rowGroups(): number {
    return this.#metadata.row_groups.length;
  }

  get writer(): string | undefined {
    // Without the build that nobody asks for.
    return this.#metadata.created_by?.replace(/ (version|\(build).*$/, "");
  }

  /** Rows from a number, in the order of the columns. */
  async read(start: number, end: number): Promise<readonly (readonly unknown[])[]> {
    const objects = await this.#objects({ rowStart: start, rowEnd: Math.min(end, this.rows) });
    return objects.map((row) => this.columns.map(({ name }) => row[name]));
  }

  /** All values of a column. */
  async values(column: string): Promise<readonly unknown[]> {
    return (await this.#objects({ columns: [column] })).map((row) => row[column]);
  }

  #objects(what: { rowStart?: number; rowEnd?: number; columns?: string[] }): Promise<Record<string, unknown>[]> {
    return parquetReadObjects({
      file: this.#file,
      metadata: this.#metadata,
      compressors,
      useOffsetIndex: true,
      ...what,
    });
  }
}

function columnsOf(metadata: FileMetaData): readonly FileColumn[] {
  return parquetSchema(metadata).children.map(({ element }) => {
    const chunks = metadata.row_groups.flatMap(({ columns }) =>
      columns.flatMap(({ meta_data }) => meta_data?.path_in_schema[0] === element.name ? [meta_data] : [])
    );
    const statistics = chunks.map(({ statistics }) => statistics);
    const nulls = statistics.map((known) => known?.null_count);
    return {
      name: element.name,
      type: typeName(element),
      codec: [...new Set(chunks.map(({ codec }) => codec.toLowerCase()))].join(", "),
      bytes: chunks.reduce((sum, { total_compressed_size }) => sum + Number(total_compressed_size), 0),
      nulls: nulls.includes(undefined) ? undefined : nulls.reduce((sum: number, count) => sum + Number(count), 0),
      min: extreme(statistics.map((known) => known?.min_value ?? known?.min), (a, b) => a < b),
      max: extreme(statistics.map((known) => known?.max_value ?? known?.max), (a, b) => a > b),
    };
  });
}

function extreme<T>(values: readonly (T | undefined)[], before: (a: T, b: T) => boolean): T | undefined {
  return values.reduce((a, b) => a === undefined || b === undefined ? undefined : before(b, a) ? b : a);
}
