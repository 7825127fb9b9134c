import { ok } from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { temporaryDirectory } from "../../scripts/process/temporary_directory.ts";
import { MinioProcess, ROOT } from "../../test/lake/minio_process.ts";
import { python, pythonPackages } from "../../test/lake/clients/python.ts";
import { clusterTest } from "../kubernetes/testing/namespace.ts";
import { createServiceAccount } from "../kubernetes/testing/service_account.ts";
import { put, s3 } from "../lake/testing/s3.ts";
import { Replica } from "../testing/replica.ts";

/** It, and what it imports. */
const PACKAGES = [
  "schemathesis==4.32.5",
  "anyio==4.16.0",
  "certifi==2026.10.19.post1",
  "charset-normalizer==3.5.3",
  "click==8.5.1",
  "graphql-core==3.3.2",
  "harfile==0.6.0",
  "hypothesis==6.170.17",
  "hypothesis-graphql==0.13.5",
  "idna==3.20",
  "iniconfig==2.3.1",
  "jsonschema_rs==0.60.3",
  "markdown-it-py==4.3.0",
  "MarkupSafe==3.0.4",
  "mdurl==0.1.2",
  "packaging==26.4",
  "pluggy==1.7.0",
  "Pygments==2.21.0",
  "pyrate-limiter==4.5.1",
  "pytest==9.2.0",
  "PyYAML==6.0.4",
  "requests==2.34.2",
  "rich==15.0.0",
  "sortedcontainers==2.4.0",
  "typing_extensions==4.16.0",
  "urllib3==2.8.0",
  "Werkzeug==3.1.9",
];

/** Seconds for which schemathesis asks. */
const LIMIT = 60;

/** Makes a failed run again. */
const SEED = Deno.env.get("SEED") ?? "1";

const SETTINGS = fileURLToPath(new URL("./schemathesis.toml", import.meta.url));

if (python) {
  clusterTest(
    "schemathesis finds no request that the API answers otherwise than its document says",
    async (namespace) => {
      await using minio = await MinioProcess.start();
      await put(s3(minio.endpoint, ROOT), "lake", "sales/2025/a", "a");
      Deno.env.set("AWS_ACCESS_KEY_ID", ROOT.accessKeyId);
      Deno.env.set("AWS_SECRET_ACCESS_KEY", ROOT.secretAccessKey);
      const lake = { lakeRoleArn: "arn:aws:iam::000000000000:role/lake", lakePathStyle: true };
      const endpoints = { s3Endpoint: minio.endpoint, stsEndpoint: minio.endpoint };
      await using replica = await Replica.start(namespace, {
        config: {
          authentication: "kubernetes",
          ...lake,
          ...endpoints,
          lakeCaFile: "/etc/ssl/certs/ca-certificates.crt",
        },
      });
      const alice = await createServiceAccount(namespace, "alice");
      await alice.allow(["create", "get", "list", "patch", "delete", "open"]);
      const token = await alice.token("view-gateway");
      const headers = { authorization: `Bearer ${token}` };
      const { body } = await replica.api("/_api/openapi.json", "GET", { headers });
      const port = await replica.envoy!.port("public");
      const { success, said } = await ask({ document: body, url: `http://localhost:${port}`, token }, namespace.signal);
      ok(success, said);
    },
  );
}

interface Asked {
  /** The API's document. */
  readonly document: string;
  readonly url: string;
  readonly token: string;
}

/** Lets schemathesis ask an API, and returns whether all is well, and its report. */
async function ask({ document, url, token }: Asked, over: AbortSignal) {
  await using directory = await temporaryDirectory({ prefix: "schemathesis-" });
  await Deno.writeTextFile(join(directory.path, "openapi.json"), document);
  const { success, stdout, stderr } = await new Deno.Command("python3", {
    args: [
      ...["-m", "schemathesis.cli", "--config-file", SETTINGS, "--no-color", "run", "openapi.json", "--url", url],
      ...["--checks", "all", "--max-time", String(LIMIT), "--seed", SEED],
    ],
    cwd: directory.path,
    env: {
      PYTHONPATH: await pythonPackages(PACKAGES),
      TOKEN: token,
      HYPOTHESIS_STORAGE_DIRECTORY: join(directory.path, "hypothesis"),
    },
    signal: AbortSignal.any([over, AbortSignal.timeout(3 * LIMIT * 1000)]),
  }).output();
  return { success, said: [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes)).join("") };
}
