import { probeAgentPattern } from "./probe_agents.js";

const seconds = (env, description, initial, maximum = 86400) => ({
  description,
  type: "integer",
  minimum: 1,
  maximum,
  default: initial,
  env,
});
const limit = (env, description, initial) => ({
  description,
  type: "integer",
  minimum: 1,
  maximum: 2147483647,
  default: initial,
  env,
});

const endpoint = (env, description) => ({
  description,
  type: "string",
  maxLength: 253,
  pattern: "^https?://([a-zA-Z0-9.-]+|\\[[0-9a-fA-F:.]+\\])(:[1-9][0-9]{0,4})?/?$",
  words: "must be an http or https URL of a host and perhaps a port, without a user, a path or a query",
  env,
});

/** The variables by subject, as docs/CONFIGURATION.md shows them. `env` is the environment variable of a member. */
export const sections = {
  Names: {
    namespace: {
      description: "The Kubernetes namespace whose views this gateway serves.",
      type: "string",
      maxLength: 63,
      pattern: "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$",
      env: "NAMESPACE",
    },
    baseHost: {
      description: "The domain of the views' hostnames, which are NAME.BASE_HOST. Lower-case, without a port.",
      type: "string",
      maxLength: 189,
      pattern: "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$",
      default: "localhost",
      env: "BASE_HOST",
    },
    viewSelector: {
      description: "Label selector of views' Services, Jobs and pods.",
      type: "string",
      minLength: 1,
      default: "view.yolean.se/name",
      env: "VIEW_SELECTOR",
    },
    contact: {
      description:
        "Whom people ask about a problem that they cannot mend alone: a mailto: or https: URL, or a text such as `the data team, room 3`. Pages with such a problem, and the sign-in, show it to everybody. Empty: nobody.",
      type: "string",
      maxLength: 200,
      pattern: "^[^\\u0000-\\u001f\\u007f-\\u009f\\u2028\\u2029]*$",
      words: "must have no control characters",
      default: "",
      env: "CONTACT",
    },
    podName: {
      description: "Name of the gateway's own pod: the gateway drains when the pod is deleted. Empty outside a pod.",
      type: "string",
      pattern: "^([a-z0-9]([-a-z0-9.]*[a-z0-9])?)?$",
      default: "",
      env: "POD_NAME",
    },
    podNamespace: {
      description:
        "The namespace of the gateway's own pod and Secrets. Empty: NAMESPACE. A gateway that has POD_NAME must have it.",
      type: "string",
      maxLength: 63,
      pattern: "^([a-z0-9]([-a-z0-9]*[a-z0-9])?)?$",
      default: "",
      env: "POD_NAMESPACE",
    },
  },
  Addresses: {
    listenAddress: {
      description: "Address that Envoy's public listener binds.",
      type: "string",
      pattern: "^[0-9a-fA-F.:]+$",
      default: "0.0.0.0",
      env: "LISTEN_ADDRESS",
    },
    listenPort: {
      description: "Port of Envoy's public listener.",
      type: "integer",
      minimum: 1,
      maximum: 65535,
      default: 8080,
      env: "LISTEN_PORT",
    },
    probeAddress: {
      description: "Address and port that serve /livez, /readyz and /metrics.",
      type: "string",
      pattern: "^([0-9.]+|\\[[0-9a-fA-F:]+\\]):[0-9]{1,5}$",
      default: "0.0.0.0:8082",
      env: "PROBE_ADDRESS",
    },
    envoyAdminAddress: {
      description: "Address and port of Envoy's admin interface.",
      type: "string",
      pattern: "^([0-9.]+|\\[[0-9a-fA-F:]+\\]):[0-9]{1,5}$",
      default: "127.0.0.1:9901",
      env: "ENVOY_ADMIN_ADDRESS",
    },
    socketDirectory: {
      description: "Directory of the Unix sockets that Envoy and the sidecar share.",
      type: "string",
      pattern: "^/",
      // A Unix socket's path has at most 107 bytes.
      maxLength: 80,
      default: "/run/view-gateway",
      env: "SOCKET_DIRECTORY",
    },
    xffNumTrustedHops: {
      description:
        "Number of trusted proxies in front of the gateway, whose x-forwarded-* and similar headers are kept. With 0 the gateway removes these headers.",
      type: "integer",
      minimum: 0,
      maximum: 16,
      default: 0,
      env: "XFF_NUM_TRUSTED_HOPS",
    },
  },
  Access: {
    authentication: {
      description:
        "Who can be a user of the gateway. `kubernetes`: service accounts, by a token; `oidc`: also people who sign in at OIDC_ISSUER; `none`: nobody signs in, and everybody may do everything.",
      enum: ["kubernetes", "oidc", "none"],
      default: "kubernetes",
      env: "AUTHENTICATION",
    },
    letEverybodyIn: {
      description:
        "Must be true if AUTHENTICATION is `none` and BASE_HOST is not `localhost` or below it: then everybody who reaches the gateway may create, open and delete any view.",
      type: "boolean",
      default: false,
      env: "LET_EVERYBODY_IN",
    },
    publicViews: {
      description: "Whether a view's spec may say `public`: then everybody can open that view without a sign-in.",
      type: "boolean",
      default: false,
      env: "PUBLIC_VIEWS",
    },
    grantsConfigMap: {
      description:
        "Name of the ConfigMap in NAMESPACE whose key `grants.yaml` says which parts of the lake users may give their views. Empty: a user who may create views can give them all data that LAKE_ROLE_ARN may read and write.",
      type: "string",
      maxLength: 253,
      pattern: "^([a-z0-9]([-a-z0-9.]*[a-z0-9])?)?$",
      default: "",
      env: "GRANTS_CONFIG_MAP",
    },
  },
  TLS: {
    tlsDirectory: {
      description:
        "Directory of a mounted Secret of the type kubernetes.io/tls, for Envoy and the sidecar alike. Empty: the gateway speaks plain HTTP. The sidecar's image may read /etc/view-gateway/tls alone.",
      type: "string",
      pattern: "^(/.*[^/])?$",
      default: "",
      env: "TLS_DIRECTORY",
    },
    tlsListenPort: {
      description: "Port of Envoy's listener for TLS, and over UDP for HTTP/3.",
      type: "integer",
      minimum: 1,
      maximum: 65535,
      default: 8443,
      env: "TLS_LISTEN_PORT",
    },
    tlsPublicPort: {
      description: "Port of https URLs, to which plain HTTP is redirected. Clients find HTTP/3 there too.",
      type: "integer",
      minimum: 1,
      maximum: 65535,
      default: 443,
      env: "TLS_PUBLIC_PORT",
    },
    http3: {
      description: "Whether the gateway speaks HTTP/3 beside HTTP/1.1 and HTTP/2. It needs a Service that takes UDP.",
      type: "boolean",
      default: false,
      env: "HTTP3",
    },
    hstsSeconds: {
      description:
        "Seconds for which browsers use https alone for a host that they have seen (HSTS). 0 makes them forget. Never sent for localhost.",
      type: "integer",
      minimum: 0,
      maximum: 63072000,
      default: 15552000,
      env: "HSTS_SECONDS",
    },
  },
  "Workload templates": {
    templatesConfigMap: {
      description:
        "Name of the ConfigMap with the workload templates. Each key is NAME.yaml, each value a Job manifest.",
      type: "string",
      maxLength: 253,
      pattern: "^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$",
      default: "view-gateway-templates",
      env: "TEMPLATES_CONFIG_MAP",
    },
    defaultTemplate: {
      description: "Name of the workload template for views that name none.",
      type: "string",
      pattern: "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$",
      default: "default",
      env: "DEFAULT_TEMPLATE",
    },
  },
  "Requests that wait": {
    holdSeconds: seconds(
      "HOLD_SECONDS",
      "Seconds that a request waits for its view; then the answer is 504. They begin again after a crash of the sidecar.",
      120,
      3600,
    ),
    heldPerView: limit("HELD_PER_VIEW", "Most requests that wait for one view; further ones get 503.", 1000),
    heldInAll: limit(
      "HELD_IN_ALL",
      "Most requests that wait in one gateway for all views; further ones get 503.",
      5000,
    ),
    heldBytesPerView: limit(
      "HELD_BYTES_PER_VIEW",
      "Most bytes of Envoy's memory for request bodies that wait for one view; further requests get 503.",
      134217728,
    ),
    heldBytesInAll: limit(
      "HELD_BYTES_IN_ALL",
      "Most bytes of Envoy's memory for request bodies that wait in one gateway; further requests get 503.",
      402653184,
    ),
    requestBodyBufferLimitBytes: limit(
      "REQUEST_BODY_BUFFER_LIMIT_BYTES",
      "Largest request body, in bytes, that Envoy reads in full while it holds the request, so that the request survives a sidecar's crash. The body counts twice towards HELD_BYTES_PER_VIEW.",
      8388608,
    ),
    drainSeconds: seconds(
      "DRAIN_SECONDS",
      "Seconds that held requests may still wait once the sidecar stops or the gateway's pod is deleted.",
      20,
      3600,
    ),
  },
  "Limits of views": {
    launchesAtOnce: limit(
      "LAUNCHES_AT_ONCE",
      "Most launches at once in one gateway; requests that need a further one get 503.",
      200,
    ),
    runningViews: limit(
      "RUNNING_VIEWS",
      "Most views that are starting or awake in the namespace; requests that would wake a further one get 503.",
      10000,
    ),
    existingViews: limit("EXISTING_VIEWS", "Most views in the namespace; beyond that the API creates none.", 100000),
    bodyLimitBytes: limit("BODY_LIMIT_BYTES", "Largest request body of the API, in bytes.", 65536),
  },
  "Falling asleep": {
    idleSeconds: seconds(
      "IDLE_SECONDS",
      "Seconds without traffic after which a view falls asleep, unless its spec has idleSeconds.",
      900,
      604800,
    ),
    minIdleSeconds: seconds(
      "MIN_IDLE_SECONDS",
      "Smallest idleSeconds and maxLifetimeSeconds that a view may set.",
      10,
      604800,
    ),
    maxIdleSeconds: seconds("MAX_IDLE_SECONDS", "Largest idleSeconds that a view may set.", 86400, 604800),
    maxLifetimeSeconds: seconds(
      "MAX_LIFETIME_SECONDS",
      "Seconds after which a view's Job ends, even with traffic. At least MIN_IDLE_SECONDS; a view may set less.",
      31536000,
      31536000,
    ),
    loadReportSeconds: seconds(
      "LOAD_REPORT_SECONDS",
      "Seconds between two of Envoy's load reports, which renew leases. At most half of MIN_IDLE_SECONDS.",
      5,
      60,
    ),
    clusterGraceSeconds: seconds(
      "CLUSTER_GRACE_SECONDS",
      "Seconds that Envoy keeps the cluster of a view after it fell asleep.",
      60,
      3600,
    ),
  },
  "Probes, monitors and crawlers": {
    probeUserAgent: {
      description:
        "Regular expression (RE2) that matches the whole user agent of probes, which do not wake a view and get its phase. Empty: none. Default: health checks, monitors, link previews and crawlers.",
      type: "string",
      default: probeAgentPattern,
      env: "PROBE_USER_AGENT",
    },
    probeMethod: {
      description: "Regular expression (RE2) that matches the methods of probes, such as HEAD. Empty: none.",
      type: "string",
      default: "",
      env: "PROBE_METHOD",
    },
    probePath: {
      description: "Regular expression (RE2) that matches the paths of probes, without the query. Empty: none.",
      type: "string",
      default: "",
      env: "PROBE_PATH",
    },
  },
  "The lake": {
    lakeRoleArn: {
      description:
        "ARN of the role that the gateway assumes for views' S3 credentials. Without it there is no lake, and views have no subsets.",
      type: "string",
      pattern: "^arn:[!-~]{16,2044}$",
      env: "LAKE_ROLE_ARN",
    },
    awsRegion: {
      description: "The lake's AWS region.",
      type: "string",
      maxLength: 63,
      pattern: "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$",
      default: "us-east-1",
      env: "AWS_REGION",
    },
    s3Endpoint: endpoint(
      "AWS_ENDPOINT_URL_S3",
      "URL of S3, as Envoy and views' pods reach it. Default: AWS's endpoint of the region.",
    ),
    stsEndpoint: endpoint(
      "AWS_ENDPOINT_URL_STS",
      "URL of STS, as the sidecar reaches it. Default: AWS's endpoint of the region.",
    ),
    lakePathStyle: {
      description: "Whether views' pods put the bucket's name into the path. Below /_lake/ it is always in the path.",
      type: "boolean",
      default: true,
      env: "LAKE_PATH_STYLE",
    },
    lakeCredentialsSeconds: {
      description:
        "Lifetime of a view's S3 credentials, in seconds. The gateway renews them at half of it. The role must allow it.",
      type: "integer",
      // STS's own limits.
      minimum: 900,
      maximum: 43200,
      default: 3600,
      env: "LAKE_CREDENTIALS_SECONDS",
    },
    lakeCaFile: {
      description: "Path, in Envoy's container, of the CA certificates that verify S3's certificate.",
      type: "string",
      pattern: "^/",
      default: "/etc/ssl/certs/ca-certificates.crt",
      env: "LAKE_CA_FILE",
    },
  },
  "Sign-in": {
    sessionSeconds: seconds(
      "SESSION_SECONDS",
      "Seconds after which a person has to sign in again. A new value also counts for sessions that exist, if it is smaller. A WebSocket ends at most this long after it was opened.",
      43200,
      604800,
    ),
    sessionKeysSecret: {
      description:
        "Name of the Secret, in POD_NAMESPACE, with the session keys. The gateway makes and rotates them. If the Secret has no keys, the gateway makes new ones, which ends all sessions.",
      type: "string",
      maxLength: 253,
      pattern: "^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$",
      default: "view-gateway-keys",
      env: "SESSION_KEYS_SECRET",
    },
    oidcIssuer: {
      description:
        "URL of the OpenID Connect issuer at which people sign in, exactly as the issuer names itself. https, or http at localhost or at a Service's name (*.svc).",
      type: "string",
      maxLength: 1024,
      pattern: "^https?://[^\\s?#@]+$",
      env: "OIDC_ISSUER",
    },
    oidcClientId: {
      description: "The gateway's client ID at the issuer. Its redirect URI there is the base host's /_auth/callback.",
      type: "string",
      minLength: 1,
      maxLength: 512,
      pattern: "^[ -~]+$",
      env: "OIDC_CLIENT_ID",
    },
    oidcClientSecretFile: {
      description:
        "Path, in the sidecar's container, of the file with the client's secret. It is below /etc/view-gateway/oidc. The sidecar reads it for each sign-in. Without it, the gateway is a public client.",
      type: "string",
      pattern: "^/",
      env: "OIDC_CLIENT_SECRET_FILE",
    },
    oidcUserClaim: {
      description: "The claim that becomes the user's name.",
      type: "string",
      minLength: 1,
      maxLength: 256,
      default: "sub",
      env: "OIDC_USER_CLAIM",
    },
    oidcGroupsClaim: {
      description: "The claim that becomes the user's groups: a list of strings, or one string.",
      type: "string",
      minLength: 1,
      maxLength: 256,
      default: "groups",
      env: "OIDC_GROUPS_CLAIM",
    },
    oidcPrefix: {
      description:
        "Prefix of each user and group of the issuer, so that none of them is one of Kubernetes itself. It ends in a colon, and is not system:.",
      type: "string",
      maxLength: 64,
      pattern: "^[A-Za-z0-9._@/-]+:$",
      default: "oidc:",
      env: "OIDC_PREFIX",
    },
    oidcScopes: {
      description: "The scopes that the gateway asks for, separated by spaces; openid is one of them.",
      type: "string",
      maxLength: 1024,
      pattern: "^[!#-\\[\\]-~]+( [!#-\\[\\]-~]+)*$",
      default: "openid profile email",
      env: "OIDC_SCOPES",
    },
    oidcAddress: {
      description:
        "HOST:PORT at which Envoy reaches the issuer, if not at the host and port of OIDC_ISSUER. Envoy still checks the certificate for the host of OIDC_ISSUER.",
      type: "string",
      maxLength: 260,
      pattern: "^([a-zA-Z0-9.-]+|\\[[0-9a-fA-F:.]+\\]):[0-9]{1,5}$",
      env: "OIDC_ADDRESS",
    },
    oidcCaFile: {
      description: "Path, in Envoy's container, of the CA certificates that verify the issuer's certificate.",
      type: "string",
      pattern: "^/",
      default: "/etc/ssl/certs/ca-certificates.crt",
      env: "OIDC_CA_FILE",
    },
  },
  Traces: {
    tracesEndpoint: endpoint(
      "TRACES_ENDPOINT",
      "URL of the collector of traces, as Envoy reaches it, such as `http://collector:4318`. It speaks OTLP over HTTP, at the path /v1/traces, and asks for no credentials. Empty: nothing is traced.",
    ),
    tracesCaFile: {
      description:
        "Path, in Envoy's container, of the CA certificates that verify the collector's certificate, where TRACES_ENDPOINT is https.",
      type: "string",
      pattern: "^/",
      default: "/etc/ssl/certs/ca-certificates.crt",
      env: "TRACES_CA_FILE",
    },
  },
  Logs: {
    accessLog: {
      description: "Whether Envoy writes an access log.",
      type: "boolean",
      default: true,
      env: "ACCESS_LOG",
    },
    logLevel: {
      description: "Lowest level that the sidecar logs.",
      enum: ["debug", "info", "warning", "error"],
      default: "info",
      env: "LOG_LEVEL",
    },
  },
};

const properties = {
  ...sections.Names,
  ...sections.Addresses,
  ...sections.Access,
  ...sections.TLS,
  ...sections["Workload templates"],
  ...sections["Requests that wait"],
  ...sections["Limits of views"],
  ...sections["Falling asleep"],
  ...sections["Probes, monitors and crawlers"],
  ...sections["The lake"],
  ...sections["Sign-in"],
  ...sections.Traces,
  ...sections.Logs,
};

/** Members without a default that may be missing. */
const optional = [
  "lakeRoleArn",
  "s3Endpoint",
  "stsEndpoint",
  "oidcIssuer",
  "oidcClientId",
  "oidcClientSecretFile",
  "oidcAddress",
  "tracesEndpoint",
];

export default {
  title: "Config",
  description: "The sidecar's configuration, read from the environment.",
  type: "object",
  additionalProperties: false,
  // Ajv fills in defaults before it checks `required`.
  required: Object.keys(properties).filter((member) => !optional.includes(member)),
  properties,
};
