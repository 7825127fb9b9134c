import { equal } from "node:assert/strict";
import { configFile, credentialsFile } from "./pod_lake.ts";

Deno.test("the default profile runs a process for the keys, the other one reads them; both have only S3's endpoint", () => {
  equal(
    configFile({ endpoint: "http://minio:9000", region: "eu-north-1", pathStyle: true }),
    `[default]
credential_process = cat /var/run/secrets/view.yolean.se/lake/credentials.json
region = eu-north-1
services = lake
s3 =
  addressing_style = path

[profile file]
region = eu-north-1
services = lake
s3 =
  addressing_style = path

[services lake]
s3 =
  endpoint_url = http://minio:9000
`,
  );
});

Deno.test("the keys' file has no default profile, which SDKs would prefer to the process", () => {
  equal(
    credentialsFile({ accessKeyId: "a", secretAccessKey: "b", sessionToken: "c" }),
    "[file]\naws_access_key_id = a\naws_secret_access_key = b\naws_session_token = c\n",
  );
});
