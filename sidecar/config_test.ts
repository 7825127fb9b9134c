import { deepEqual, equal, ok, throws } from "node:assert/strict";
import { ConfigError, configOf, variables } from "./config.ts";
import { lakeOf } from "./lake/settings.ts";

const from = (environment: Record<string, string>) => configOf((name) => environment[name]);

Deno.test("given the namespace alone, everything else has its default", () => {
  const config = from({ NAMESPACE: "views" });
  equal(config.namespace, "views");
  equal(config.baseHost, "localhost");
  equal(config.holdSeconds, 120);
  equal(config.accessLog, true);
});

Deno.test("variables are read as their types", () => {
  const config = from({
    NAMESPACE: "views",
    HOLD_SECONDS: "7",
    ACCESS_LOG: "false",
    BASE_HOST: "",
    LOG_LEVEL: "debug",
  });
  deepEqual([config.holdSeconds, config.accessLog, config.baseHost, config.logLevel], [7, false, "localhost", "debug"]);
});

Deno.test("given several mistakes, each is named with its variable and value", () => {
  throws(
    () => from({ HOLD_SECONDS: "soon", LISTEN_PORT: "70000", BASE_HOST: "Views.Example", VIEW_SELECTOR: "a in (b)" }),
    (error: unknown) => {
      const problems = (error as ConfigError).problems;
      deepEqual(problems.map((problem) => problem.split(" ")[0]).sort(), [
        "BASE_HOST",
        "HOLD_SECONDS",
        "LISTEN_PORT",
        "NAMESPACE",
        "VIEW_SELECTOR",
      ]);
      equal(problems.find((problem) => problem.startsWith("NAMESPACE")), "NAMESPACE is missing");
      equal(problems.find((problem) => problem.startsWith("HOLD")), 'HOLD_SECONDS must be integer, but is "soon"');
      return error instanceof ConfigError;
    },
  );
});

Deno.test("every member can be set by a variable of its own", () => {
  equal(new Set(variables).size, variables.length);
  equal(variables.every((name) => /^[A-Z0-9_]+$/.test(name)), true);
});

Deno.test("there is a lake where a role is named, at AWS' own endpoints unless others are", () => {
  const lake = (more: Record<string, string>) => lakeOf(from({ NAMESPACE: "views", ...more }));
  const LAKE_ROLE_ARN = "arn:aws:iam::123456789012:role/lake";
  equal(lake({}), undefined);
  deepEqual(lake({ LAKE_ROLE_ARN, AWS_REGION: "eu-north-1" }), {
    roleArn: LAKE_ROLE_ARN,
    region: "eu-north-1",
    pathStyle: true,
    endpoint: "https://s3.eu-north-1.amazonaws.com",
    stsEndpoint: "https://sts.eu-north-1.amazonaws.com",
    credentialsSeconds: 3600,
    caFile: "/etc/ssl/certs/ca-certificates.crt",
  });
  const own = lake({
    LAKE_ROLE_ARN,
    AWS_ENDPOINT_URL_S3: "http://minio:9000/",
    AWS_ENDPOINT_URL_STS: "http://minio:9000",
  });
  deepEqual([own?.endpoint, own?.stsEndpoint], ["http://minio:9000", "http://minio:9000"]);
});

Deno.test("an endpoint is a URL of a host and nothing more", () => {
  for (const url of ["minio:9000", "http://minio/path", "http://a:b@minio", "ftp://minio", "http://minio:99999"]) {
    throws(() => from({ NAMESPACE: "views", AWS_ENDPOINT_URL_S3: url }), ConfigError, url);
  }
});

Deno.test("a pattern that Envoy could not use is told, and so is what contradicts itself", () => {
  throws(
    () =>
      from({ NAMESPACE: "views", PROBE_PATH: "(", PROBE_METHOD: "(?=a)", IDLE_SECONDS: "5", LOAD_REPORT_SECONDS: "6" }),
    (error) => {
      ok(error instanceof ConfigError);
      deepEqual(error.problems, [
        'PROBE_METHOD must be a regular expression, but is "(?=a)"',
        'PROBE_PATH must be a regular expression, but is "("',
        'IDLE_SECONDS must be from MIN_IDLE_SECONDS (10) to MAX_IDLE_SECONDS (86400), but is "5"',
        'LOAD_REPORT_SECONDS must be half of MIN_IDLE_SECONDS (10) or less, but is "6"',
      ]);
      return true;
    },
  );
});
