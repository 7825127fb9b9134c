/** The lake as the gateway shows it to this view's page: without credentials, on the page's own origin. */
import { type Listed, parseListing } from "./listing.ts";

export interface Subset {
  readonly bucket: string;
  readonly prefix: string;
  readonly access: string;
}

export interface View {
  readonly name: string;
  readonly subsets: readonly Subset[];
}

/** A list stops here; who has more files than this wants another page. */
const mostFiles = 2000;

export async function view(): Promise<View> {
  return await (await good(await fetch("/view.json"))).json();
}

/** The Parquet files of a subset. */
export async function list({ bucket, prefix }: Subset): Promise<readonly Listed[]> {
  const found: Listed[] = [];
  let token: string | undefined;
  do {
    const query = new URLSearchParams({ "list-type": "2", prefix });
    if (token !== undefined) query.set("continuation-token", token);
    const { objects, next } = parseListing(await (await good(await fetch(`/_lake/${bucket}?${query}`))).text());
    found.push(...objects.filter(({ key }) => key.endsWith(".parquet")));
    token = next;
  } while (token !== undefined && found.length < mostFiles);
  return found;
}

/** A file of which parts are read as they are needed. */
export interface RemoteFile {
  readonly byteLength: number;
  slice(start: number, end?: number): Promise<ArrayBuffer>;
}

/** `read` is told each part's size when it is there. */
export function open(bucket: string, { key, size }: Listed, read: (bytes: number) => void): RemoteFile {
  const url = `/_lake/${bucket}/${key.split("/").map(encodeURIComponent).join("/")}`;
  return {
    byteLength: size,
    async slice(start, end = size) {
      const response = await good(await fetch(url, { headers: { range: `bytes=${start}-${end - 1}` } }));
      if (response.status !== 206) throw new Error("The lake did not answer with a part of the file.");
      const part = await response.arrayBuffer();
      read(part.byteLength);
      return part;
    },
  };
}

async function good(response: Response): Promise<Response> {
  if (response.ok) return response;
  const text = await response.text();
  let detail: string | undefined;
  try {
    const { title, detail: more } = JSON.parse(text);
    detail = more ?? title;
  } catch {
    // An answer of S3's own.
    detail = /<Message>([^<]*)/.exec(text)?.[1];
  }
  throw new Error(detail ?? `The lake answered with status ${response.status}.`);
}
