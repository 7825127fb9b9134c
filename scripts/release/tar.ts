/** Tar archives that are equal, byte for byte, where their files are. */
import { gzipSync } from "fflate";
import { pack } from "tar-stream";
import { type TreeEntry, wholeTree } from "./file_tree.ts";

/** Writes entries into a tar, sorted, as root's, with one time for all. @param time in seconds since 1970 */
export async function tarOf(entries: readonly TreeEntry[], time: number): Promise<Uint8Array<ArrayBuffer>> {
  const stream = pack();
  const owner = { uid: 0, gid: 0, uname: "", gname: "", mtime: new Date(time * 1000) };
  for (const entry of wholeTree(entries)) {
    const { path, kind } = entry;
    if (kind === "directory") stream.entry({ ...owner, name: `${path}/`, type: kind, mode: entry.mode ?? 0o755 });
    else if (kind === "symlink") {
      stream.entry({ ...owner, name: path, type: kind, linkname: entry.target, mode: 0o777 });
    } else stream.entry({ ...owner, name: path, type: kind, mode: entry.executable ? 0o755 : 0o644 }, entry.content);
  }
  stream.finalize();
  return await new Response(ReadableStream.from(stream as AsyncIterable<Uint8Array>)).bytes();
}

/**
 * Compresses without a time. fflate is JavaScript, so its output is the same on all machines; zlib's differs with its
 * version and with the processor.
 */
export function gzipped(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return gzipSync(bytes, { level: 6, mtime: 0 });
}
