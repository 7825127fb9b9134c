/** Reads the lake through the gateway: the page needs no credentials, and the lake has the page's own origin. */
import { type Listed, parseListing } from "./listing.ts";

export interface LakeSubset {
  readonly bucket: string;
  readonly prefix: string;
  readonly access: string;
}

export interface LakeView {
  readonly name: string;
  readonly subsets: readonly LakeSubset[];
}

/** The list of a subset ends here. */
const MAX_FILES = 2000;

export async function fetchView(): Promise<LakeView> {
  return await (await requireOk(await fetch("/view.json"))).json();
}

/** The Parquet files of a subset. */
export async function listParquetFiles({ bucket, prefix }: LakeSubset): Promise<readonly Listed[]> {
  const found: Listed[] = [];
  let token: string | undefined;
  do {
    const query = new URLSearchParams({ "list-type": "2", prefix });
    if (token !== undefined) query.set("continuation-token", token);
    const { objects, next } = parseListing(await (await requireOk(await fetch(`/_lake/${bucket}?${query}`))).text());
    found.push(...objects.filter(({ key }) => key.endsWith(".parquet")));
    token = next;
  } while (token !== undefined && found.length < MAX_FILES);
  return found;
}

/** A file that is read in parts. */
export interface RemoteFile {
  readonly byteLength: number;
  slice(start: number, end?: number): Promise<ArrayBuffer>;
}

/** Calls `read` with the size of each part that has arrived. */
export function openRemoteFile(bucket: string, { key, size }: Listed, read: (bytes: number) => void): RemoteFile {
  const url = `/_lake/${bucket}/${key.split("/").map(encodeURIComponent).join("/")}`;
  return {
    byteLength: size,
    async slice(start, end = size) {
      const response = await requireOk(await fetch(url, { headers: { range: `bytes=${start}-${end - 1}` } }));
      if (response.status !== 206) throw new Error("The lake did not answer with a part of the file.");
      const part = await response.arrayBuffer();
      read(part.byteLength);
      return part;
    },
  };
}

async function requireOk(response: Response): Promise<Response> {
  if (response.ok) return response;
  const text = await response.text();
  let detail: string | undefined;
  try {
    const { title, detail: more } = JSON.parse(text);
    detail = more ?? title;
  } catch {
    // S3 answers in XML.
    detail = /<Message>([^<]*)/.exec(text)?.[1];
  }
  throw new Error(detail ?? `The lake answered with status ${response.status}.`);
}
