import assert from "node:assert/strict";
import { settingsOf } from "./settings.ts";

const from = (environment: Record<string, string>) => settingsOf((name) => environment[name]);

Deno.test("without an environment S3 is AWS' own", () => {
  const { s3, port } = from({});
  assert.deepEqual({ s3, port }, { s3: { region: "us-east-1", endpoint: undefined, pathStyle: false }, port: 8080 });
});

Deno.test("requests to an endpoint that is not AWS have the bucket in the path by default", () => {
  const AWS_ENDPOINT_URL_S3 = "http://127.0.0.1:9000";
  assert.equal(from({ AWS_ENDPOINT_URL_S3 }).s3.pathStyle, true);
  assert.equal(from({ AWS_ENDPOINT_URL_S3, AWS_S3_FORCE_PATH_STYLE: "false" }).s3.pathStyle, false);
});

Deno.test("DuckDB gets a share of the container's memory", () => {
  assert.equal(from({ MEMORY_LIMIT_BYTES: "1000000000" }).memory, 600_000_000);
});

Deno.test("what cannot be read is named", () => {
  assert.throws(() => from({ PORT: "http" }), { message: "PORT is not a positive number: http" });
});
