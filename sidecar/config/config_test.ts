import { deepEqual, equal, match, throws } from "node:assert/strict";
import { ConfigError, configOf, readConfig, variables } from "./config.ts";
import { lakeOf } from "../lake/settings.ts";

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
      equal(
        problems.find((problem) => problem.startsWith("HOLD")),
        'HOLD_SECONDS must be a whole number, but is "soon"',
      );
      return error instanceof ConfigError;
    },
  );
});

Deno.test("a URL of a server with more than its address is refused in words, and no log gets its password", () => {
  const problemOf = (TRACES_ENDPOINT: string) =>
    readConfig((name) => ({ NAMESPACE: "views", TRACES_ENDPOINT })[name]).problems.join("\n");
  const words = "must be an http or https URL of a host and perhaps a port, without a user, a path or a query";
  const shown = {
    "http://collector:4318/v1/traces": "http://collector:4318/v1/traces",
    "collector:4318": "collector:4318",
    "grpc://collector:4317": "grpc://collector:4317",
    "http://collector:0": "http://collector:0",
    "https://gateway:pass/w@rd@collector": "https://…@collector",
  };
  for (const [url, text] of Object.entries(shown)) {
    equal(problemOf(url), `TRACES_ENDPOINT ${words}, but is "${text}"`);
  }
  for (const url of ["http://collector", "https://Collector.example:4318/", "http://[::1]:4318"]) {
    equal(problemOf(url), "");
  }
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

const problemsOf = (environment: Record<string, string>) => readConfig((name) => environment[name]).problems;

Deno.test("everybody is let in at localhost, and elsewhere only if that is said twice", () => {
  const letIn = (more: Record<string, string>) => problemsOf({ NAMESPACE: "views", ...more });
  const BASE_HOST = "views.example.com";
  deepEqual(letIn({ AUTHENTICATION: "none" }), []);
  deepEqual(letIn({ AUTHENTICATION: "none", BASE_HOST: "views.localhost" }), []);
  deepEqual(letIn({ AUTHENTICATION: "none", BASE_HOST, LET_EVERYBODY_IN: "true" }), []);
  deepEqual(letIn({ AUTHENTICATION: "kubernetes", BASE_HOST, XFF_NUM_TRUSTED_HOPS: "1" }), []);
  const refused = letIn({ AUTHENTICATION: "none", BASE_HOST });
  equal(refused.length, 1);
  match(refused[0]!, /^AUTHENTICATION .* BASE_HOST \(views\.example\.com\) .* LET_EVERYBODY_IN/);
  equal(letIn({ AUTHENTICATION: "none", BASE_HOST: "notlocalhost" }).length, 1);
});

Deno.test("contradictions and single mistakes are reported together", () => {
  deepEqual(
    problemsOf({
      LISTEN_PORT: "http",
      PROBE_PATH: "(",
      PROBE_METHOD: "(?=a)",
      IDLE_SECONDS: "5",
      LOAD_REPORT_SECONDS: "6",
      MAX_LIFETIME_SECONDS: "9",
    }),
    [
      "NAMESPACE is missing",
      'LISTEN_PORT must be a whole number, but is "http"',
      'PROBE_METHOD must be a regular expression (RE2), but is "(?=a)": invalid or unsupported Perl syntax: `(?=`',
      'PROBE_PATH must be a regular expression (RE2), but is "(": missing closing ): `(`',
      'IDLE_SECONDS must be from MIN_IDLE_SECONDS (10) to MAX_IDLE_SECONDS (86400), but is "5"',
      'MAX_LIFETIME_SECONDS must be MIN_IDLE_SECONDS (10) or more, but is "9"',
      'LOAD_REPORT_SECONDS must be half of MIN_IDLE_SECONDS (10) or less, but is "6"',
    ],
  );
});

Deno.test("grants and templates are two ConfigMaps: each key of the latter is a template", () => {
  const named = (GRANTS_CONFIG_MAP: string) => problemsOf({ NAMESPACE: "views", GRANTS_CONFIG_MAP });
  deepEqual(named("who-has-what"), []);
  deepEqual(named("view-gateway-templates"), [
    'GRANTS_CONFIG_MAP must be another ConfigMap than TEMPLATES_CONFIG_MAP, but is "view-gateway-templates"',
  ]);
});

Deno.test("a contact is a link for mail or the web, or a short text", () => {
  const named = (CONTACT: string) => problemsOf({ NAMESPACE: "views", CONTACT });
  for (const good of ["mailto:data@example.com", "https://help.example.com/", "the data team", ""]) {
    deepEqual(named(good), [], good);
  }
  deepEqual(named("javascript:alert(1)"), [
    'CONTACT must be a mailto: URL with an address, an https: URL without a user, or a text, but is "javascript:alert(1)"',
  ]);
  match(named("java\tscript:alert(1)")[0]!, /^CONTACT must have no control characters, but is/);
  match(named("x".repeat(201))[0]!, /^CONTACT must have 200 characters at most, but has 201/);
});

Deno.test("a variable that is wrong is compared with no other", () => {
  deepEqual(problemsOf({ NAMESPACE: "views", MIN_IDLE_SECONDS: "never", LOAD_REPORT_SECONDS: "60" }), [
    'MIN_IDLE_SECONDS must be a whole number, but is "never"',
  ]);
});

Deno.test("the largest body that is read whole has room among those that wait", () => {
  const about = (environment: Record<string, string>) => problemsOf({ NAMESPACE: "views", ...environment });
  deepEqual(about({ HELD_BYTES_PER_VIEW: "1000000", HELD_BYTES_IN_ALL: "16809984" }), [
    'HELD_BYTES_PER_VIEW must be 16809984 or more for REQUEST_BODY_BUFFER_LIMIT_BYTES (8388608), but is "1000000"',
  ]);
  deepEqual(about({ REQUEST_BODY_BUFFER_LIMIT_BYTES: "33554432" }), []);
});

Deno.test("an address is one that can be listened on, and no port is taken twice", () => {
  const about = (environment: Record<string, string>) => problemsOf({ NAMESPACE: "views", ...environment });
  deepEqual(about({ LISTEN_ADDRESS: "1.2.3", PROBE_ADDRESS: "0.0.0.0:70000", ENVOY_ADMIN_ADDRESS: "[::zz]:1" }), [
    'ENVOY_ADMIN_ADDRESS must match pattern "^([0-9.]+|\\[[0-9a-fA-F:]+\\]):[0-9]{1,5}$", but is "[::zz]:1"',
    'LISTEN_ADDRESS must be an IP address, but is "1.2.3"',
    'PROBE_ADDRESS must be an IP address and a port from 0 to 65535, but is "0.0.0.0:70000"',
  ]);
  deepEqual(about({ LISTEN_ADDRESS: "::", PROBE_ADDRESS: "[::]:8082", ENVOY_ADMIN_ADDRESS: "[::1]:9901" }), []);
  deepEqual(about({ LISTEN_PORT: "9901" }), [
    'LISTEN_PORT must be another port than that of ENVOY_ADMIN_ADDRESS (127.0.0.1:9901), but is "9901"',
  ]);
  const tls = { TLS_DIRECTORY: "/etc/view-gateway/tls", TLS_LISTEN_PORT: "8082" };
  deepEqual(about(tls), [
    'TLS_LISTEN_PORT must be another port than that of PROBE_ADDRESS (0.0.0.0:8082), but is "8082"',
  ]);
  deepEqual(about({ ...tls, TLS_LISTEN_PORT: "8080" }), [
    'TLS_LISTEN_PORT must be another port than LISTEN_PORT (8080), but is "8080"',
  ]);
  deepEqual(about({ TLS_LISTEN_PORT: "8082" }), [], "without a certificate nothing listens there");
});

Deno.test("without POD_NAMESPACE the gateway's namespace is that of its views, and in a pod that is an error", () => {
  equal(from({ NAMESPACE: "views" }).podNamespace, "views");
  equal(from({ NAMESPACE: "views", POD_NAMESPACE: "view-gateway" }).podNamespace, "view-gateway");
  deepEqual(problemsOf({ NAMESPACE: "views", POD_NAME: "view-gateway-1" }), [
    "POD_NAMESPACE is missing, but there is POD_NAME",
  ]);
});
