import assert from "node:assert/strict";
import { join } from "node:path";
import { temporaryDirectory } from "../process/temporary_directory.ts";
import { duckdbProgram, PodProcess } from "./testing/pod_process.ts";

/** Stands for S3, which has no files, and notes by whose key it is asked. */
function emptyLake(): { readonly url: string; readonly keys: Set<string> } & AsyncDisposable {
  const keys = new Set<string>();
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, ({ headers }) => {
    keys.add(/Credential=([^/]+)\//.exec(headers.get("authorization") ?? "")?.[1] ?? "none");
    return new Response("<ListBucketResult></ListBucketResult>", { headers: { "content-type": "application/xml" } });
  });
  return {
    url: `http://127.0.0.1:${server.addr.port}`,
    keys,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

const keyFile = (key: string) => `[file]\naws_access_key_id = ${key}\naws_secret_access_key = secret\n`;

Deno.test("an assigned DuckDB reads the lake by the keys that came last", async () => {
  await using work = await temporaryDirectory();
  await using lake = await temporaryDirectory();
  await using s3 = emptyLake();
  const file = join(lake.path, "credentials");
  await using pod = await PodProcess.start(await duckdbProgram.command(work.path), {
    ...duckdbProgram.environment?.(work.path),
    AWS_CONFIG_FILE: join(lake.path, "config"),
    AWS_SHARED_CREDENTIALS_FILE: file,
    AWS_PROFILE: "file",
    AWS_ENDPOINT_URL_S3: s3.url,
  }, duckdbProgram.tells);
  for (const key of ["first", "renewed"]) {
    const subsets = [{ bucket: "lake", prefix: "sales/" }];
    assert.equal(await pod.assign({ name: "sales", uid: "view-1", subsets, files: { [file]: keyFile(key) } }), 200);
    s3.keys.clear();
    await pod.get(duckdbProgram.tells);
    assert.ok(s3.keys.has(key), [...s3.keys].join());
  }
});

Deno.test("an assigned DuckDB without subsets has no files, and still answers queries", async () => {
  await using work = await temporaryDirectory();
  await using lake = await temporaryDirectory();
  await using pod = await PodProcess.start(await duckdbProgram.command(work.path), {
    ...duckdbProgram.environment?.(work.path),
    AWS_CONFIG_FILE: join(lake.path, "config"),
    AWS_SHARED_CREDENTIALS_FILE: join(lake.path, "credentials"),
  }, duckdbProgram.tells);
  assert.equal(await pod.assign({ name: "empty", uid: "view-1", subsets: [], files: {} }), 200);
  const headers = { "content-type": "application/json" };
  const { status, text } = await pod.ask("/query", { method: "POST", headers, body: '{"sql": "SELECT 42 AS answer"}' });
  assert.equal(status, 200, text);
  assert.deepEqual(JSON.parse(text).rows, [[42]]);
});
