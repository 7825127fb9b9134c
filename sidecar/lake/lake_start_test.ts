import { deepEqual, equal } from "node:assert/strict";
import { MinioProcess, ROOT } from "../../test/lake/minio_process.ts";
import { pause } from "../async/pause.ts";
import { BUCKET_PROBE_HOST_HEADER } from "../envoy/names.ts";
import { socketsIn } from "../envoy/sockets.ts";
import type { Warning } from "../view/warning.ts";
import { viewState } from "../view/testing/view_state.ts";
import { Lake } from "./lake.ts";
import { FakeSecrets } from "./testing/secrets.ts";
import { lakeSettings } from "./testing/settings.ts";
import { NO_DELIVERY } from "./testing/no_delivery.ts";

const KEYS: Readonly<Record<string, string>> = {
  AWS_ACCESS_KEY_ID: ROOT.accessKeyId,
  AWS_SECRET_ACCESS_KEY: ROOT.secretAccessKey,
};

/** A lake whose Envoy answers each probe of a bucket with this error of S3. */
async function withLake(reason: string, use: (lake: Lake, warnings: Warning[], asked: string[]) => Promise<void>) {
  await using minio = await MinioProcess.start();
  const socketDirectory = await Deno.makeTempDir({ prefix: "lake-" });
  const asked: string[] = [];
  const warnings: Warning[] = [];
  const envoy = Deno.serve({ path: socketsIn(socketDirectory).startProbes, onListen: () => {} }, (request) => {
    const { pathname } = new URL(request.url);
    asked.push(`${request.headers.get(BUCKET_PROBE_HOST_HEADER)} ${pathname}`);
    return Response.json({ reason }, { status: 404 });
  });
  const stop = new AbortController();
  const lake = new Lake({
    delivery: NO_DELIVERY,
    publish: () => {},
    ...{ settings: lakeSettings(minio.endpoint), secrets: new FakeSecrets(), views: new Map(), socketDirectory },
    ...{ baseHost: "localhost", gateToken: "token", required: {}, random: Math.random, pause, signal: stop.signal },
    variable: (name) => KEYS[name],
    now: Date.now,
    clock: () => performance.now(),
    log: { info: () => {}, warn: () => {}, error: () => {} },
    onWarning: (_view, notice) => warnings.push(notice),
  });
  try {
    await use(lake, warnings, asked);
  } finally {
    stop.abort(new Error("The sidecar stops."));
    await lake.stop();
    await envoy.shutdown();
    await Deno.remove(socketDirectory, { recursive: true });
  }
}

const view = viewState(undefined, { spec: { subsets: [{ bucket: "lke", prefix: "sales/" }] } });

Deno.test("a view whose bucket does not exist cannot start, and its cause says which subset names it", async () => {
  await withLake("NoSuchBucket", async (lake, warnings, asked) => {
    const ensured = await lake.ensure(view);
    equal(ensured.kind === "failed" && ensured.cause.reason, "NoSuchBucket");
    deepEqual([asked, warnings], [["hello.localhost /_lake/lke"], []]);
    deepEqual(await lake.ensure(viewState()), { kind: "not needed" });
    equal(asked.length, 1);
  });
});

Deno.test("a view that S3 denies a bucket starts, and its Service gets one warning", async () => {
  await withLake("AccessDenied", async (lake, warnings) => {
    equal((await lake.ensure(view)).kind, "ready");
    deepEqual(warnings.map(({ reason, once }) => [reason, once]), [["BucketDenied", "lke"]]);
  });
});
