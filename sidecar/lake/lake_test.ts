import { deepEqual, equal, match, ok } from "node:assert/strict";
import { pause } from "../async/pause.ts";
import { MinioProcess, ROOT } from "../../test/lake/minio_process.ts";
import type { ViewPhase } from "../view/state.ts";
import { viewState } from "../view/testing/view_state.ts";
import { Lake, NO_LAKE } from "./lake.ts";
import { lakeSettings } from "./testing/settings.ts";
import { s3 } from "./testing/s3.ts";
import { FakeSecrets } from "./testing/secrets.ts";
import { NO_DELIVERY } from "./testing/no_delivery.ts";

const subsets = [{ bucket: "lake", prefix: "sales/" }];
const view = (phase?: ViewPhase, uid = "service-1") => viewState(phase, { name: "sales", uid, spec: { subsets } });

Deno.test("what is logged and answered never holds a key", async () => {
  await using minio = await MinioProcess.start();
  const stop = new AbortController();
  const logged: unknown[] = [];
  const secrets = new FakeSecrets();
  const start = (keys: Record<string, string>) =>
    new Lake({
      delivery: NO_DELIVERY,
      publish: () => {},
      settings: lakeSettings(minio.endpoint),
      secrets,
      views: new Map(),
      baseHost: "localhost",
      socketDirectory: "/nowhere",
      gateToken: "token",
      required: {},
      variable: (name) => keys[name],
      now: Date.now,
      clock: () => performance.now(),
      random: Math.random,
      pause,
      signal: stop.signal,
      log: {
        info: (...line) => logged.push(line),
        warn: (...line) => logged.push(line),
        error: (...line) => logged.push(line),
      },
    });
  const good = start({ AWS_ACCESS_KEY_ID: ROOT.accessKeyId, AWS_SECRET_ACCESS_KEY: ROOT.secretAccessKey });
  const bad = start({ AWS_ACCESS_KEY_ID: ROOT.accessKeyId, AWS_SECRET_ACCESS_KEY: "wrong-secret" });
  const asleep = view();
  try {
    const failed = await bad.ensure(asleep);
    match(failed.kind === "failed" ? failed.cause.message : "", /denies|does not accept/);
    const ready = await good.ensure(asleep);
    equal(ready.kind, "ready");
    good.update("sales", view({ kind: "awake", job: "job-1", serving: [] }), asleep);
    const endAt = await good.credentialsEndAt(asleep, stop.signal);
    ok(endAt !== undefined && endAt > Date.now() + 800_000);
    deepEqual(await good.ensure({ ...asleep, spec: { subsets: [] } }), { kind: "not needed" });
    const held = secrets.held.get("sales")!.data!;
    const keys = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"].map((key) => atob(held[key]!));
    const said = Deno.inspect([logged, failed, ready, endAt], { depth: 20, strAbbreviateSize: Infinity }) +
      JSON.stringify([logged, failed, ready]);
    ok(logged.length >= 2);
    for (const key of [...keys, ROOT.secretAccessKey, "wrong-secret"]) ok(!said.includes(key), key.slice(0, 4));
  } finally {
    stop.abort(new Error("The sidecar stops."));
    await Promise.all([good.stop(), bad.stop()]);
  }
});

Deno.test("a view that runs gets new keys at half of their life, which MinIO takes", async () => {
  await using minio = await MinioProcess.start();
  const stop = new AbortController();
  // The clock of the sidecar runs, MinIO's shortest credentials are of 15 minutes: so half of them is over at once.
  let ahead = 0;
  const secrets = new FakeSecrets();
  const lake = new Lake({
    delivery: NO_DELIVERY,
    publish: () => {},
    settings: lakeSettings(minio.endpoint),
    secrets,
    views: new Map(),
    baseHost: "localhost",
    socketDirectory: "/nowhere",
    gateToken: "token",
    required: {},
    variable: (name) =>
      ({ AWS_ACCESS_KEY_ID: ROOT.accessKeyId, AWS_SECRET_ACCESS_KEY: ROOT.secretAccessKey } as Record<string, string>)[
        name
      ],
    now: () => Date.now() + ahead,
    clock: () => performance.now(),
    random: () => 0,
    pause,
    signal: stop.signal,
    log: { info: () => {}, warn: () => {}, error: () => {} },
  });
  const key = () => atob(secrets.held.get("sales")?.data?.AWS_ACCESS_KEY_ID ?? "");
  try {
    await lake.ensure(view());
    const first = key();
    ahead = 460_000;
    lake.update("sales", view({ kind: "awake", job: "job-1", serving: [] }), undefined);
    for (let i = 0; key() === first && i < 200; i++) await pause(20);
    ok(key() !== first);
    const held = secrets.held.get("sales")!.data!;
    const [accessKeyId = "", secretAccessKey = "", sessionToken = ""] = [
      "AWS_ACCESS_KEY_ID",
      "AWS_SECRET_ACCESS_KEY",
      "AWS_SESSION_TOKEN",
    ].map((name) => atob(held[name]!));
    const { code } = await s3(minio.endpoint, { accessKeyId, secretAccessKey, sessionToken })({
      path: "/lake/sales/x",
    });
    equal(code, "NoSuchBucket");
  } finally {
    stop.abort(new Error("The sidecar stops."));
    await lake.stop();
  }
});

Deno.test("without a lake a view with subsets cannot start, and one without can", async () => {
  const without = { ...view(), spec: { subsets: [] } };
  deepEqual(await NO_LAKE.ensure(without), { kind: "not needed" });
  const ensured = await NO_LAKE.ensure(view());
  equal(ensured.kind === "failed" && ensured.cause.reason, "NoLake");
});
