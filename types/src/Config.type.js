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
  pattern: "^https?://([a-zA-Z0-9.-]+|\\[[0-9a-fA-F:.]+\\])(:[0-9]{1,5})?/?$",
  env,
});

/** `env` names the environment variable that a member is read from. */
const properties = {
  namespace: {
    description: "The Kubernetes namespace whose views this gateway serves.",
    type: "string",
    maxLength: 63,
    pattern: "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$",
    env: "NAMESPACE",
  },
  baseHost: {
    description: "The hostname below which each view has its own. Lower-case, no port.",
    type: "string",
    maxLength: 189,
    pattern: "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$",
    default: "localhost",
    env: "BASE_HOST",
  },
  viewSelector: {
    description: "Label selector for views and for what belongs to them.",
    type: "string",
    minLength: 1,
    default: "view.yolean.se/name",
    env: "VIEW_SELECTOR",
  },
  socketDirectory: {
    description: "Directory of the unix sockets that Envoy and the sidecar share.",
    type: "string",
    pattern: "^/",
    // A unix socket's path has at most 107 bytes.
    maxLength: 80,
    default: "/run/view-gateway",
    env: "SOCKET_DIRECTORY",
  },
  templatesConfigMap: {
    description: "Name of the ConfigMap of workload templates: keys NAME.yaml, each a whole Job manifest.",
    type: "string",
    maxLength: 253,
    pattern: "^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$",
    default: "view-gateway-templates",
    env: "TEMPLATES_CONFIG_MAP",
  },
  defaultTemplate: {
    description: "Name of the workload template of views that name none.",
    type: "string",
    pattern: "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$",
    default: "default",
    env: "DEFAULT_TEMPLATE",
  },
  probeAddress: {
    description: "Address and port of /livez, /readyz and /metrics.",
    type: "string",
    pattern: "^([0-9.]+|\\[[0-9a-fA-F:]+\\]):[0-9]{1,5}$",
    default: "0.0.0.0:8082",
    env: "PROBE_ADDRESS",
  },
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
  podName: {
    description: "Name of the gateway's own pod, whose deletion drains it. Empty: it runs in none.",
    type: "string",
    pattern: "^([a-z0-9]([-a-z0-9.]*[a-z0-9])?)?$",
    default: "",
    env: "POD_NAME",
  },
  envoyAdminAddress: {
    description: "Address and port of Envoy's admin interface.",
    type: "string",
    pattern: "^([0-9.]+|\\[[0-9a-fA-F:]+\\]):[0-9]{1,5}$",
    default: "127.0.0.1:9901",
    env: "ENVOY_ADMIN_ADDRESS",
  },
  xffNumTrustedHops: {
    description:
      "How many proxies in front of the gateway are trusted to say x-forwarded-* and the like. With 0 such headers are removed.",
    type: "integer",
    minimum: 0,
    maximum: 16,
    default: 0,
    env: "XFF_NUM_TRUSTED_HOPS",
  },
  holdSeconds: seconds(
    "HOLD_SECONDS",
    "Seconds that a request waits for its view before it is answered 504.",
    120,
    3600,
  ),
  heldPerView: limit("HELD_PER_VIEW", "Requests that may wait for one view; more are answered 503.", 1000),
  heldInAll: limit(
    "HELD_IN_ALL",
    "Requests that may wait in this gateway for all its views; more are answered 503.",
    5000,
  ),
  heldBytesPerView: limit(
    "HELD_BYTES_PER_VIEW",
    "Bytes of Envoy's memory that the bodies of requests which wait for one view may take; more are answered 503.",
    134217728,
  ),
  heldBytesInAll: limit(
    "HELD_BYTES_IN_ALL",
    "Bytes of Envoy's memory that the bodies of requests which wait in this gateway may take; more are answered 503.",
    402653184,
  ),
  probeUserAgent: {
    description:
      "User agents of probes, which do not wake views and are answered with the phase: a regular expression (RE2) for the whole of it. Empty: none. Default: health checks, monitors, previews of links and crawlers.",
    type: "string",
    default: probeAgentPattern,
    env: "PROBE_USER_AGENT",
  },
  probeMethod: {
    description: "Methods of probes, such as HEAD: a regular expression (RE2). Empty: none.",
    type: "string",
    default: "",
    env: "PROBE_METHOD",
  },
  probePath: {
    description: "Paths of probes, without the query: a regular expression (RE2). Empty: none.",
    type: "string",
    default: "",
    env: "PROBE_PATH",
  },
  launchesAtOnce: limit(
    "LAUNCHES_AT_ONCE",
    "Launches that one gateway may have under way; more are answered 503.",
    200,
  ),
  runningViews: limit(
    "RUNNING_VIEWS",
    "Views that may start or be awake in the namespace; a request that would wake one more is answered 503.",
    10000,
  ),
  existingViews: limit("EXISTING_VIEWS", "Views that the API lets there be in the namespace.", 100000),
  idleSeconds: seconds(
    "IDLE_SECONDS",
    "Seconds without traffic after which a view that says nothing else falls asleep.",
    900,
    604800,
  ),
  minIdleSeconds: seconds(
    "MIN_IDLE_SECONDS",
    "Shortest idle time, and shortest lifetime, in seconds, that a view may ask for.",
    10,
    604800,
  ),
  maxIdleSeconds: seconds("MAX_IDLE_SECONDS", "Longest idle time, in seconds, that a view may ask for.", 86400, 604800),
  maxLifetimeSeconds: seconds(
    "MAX_LIFETIME_SECONDS",
    "Seconds after which a view's Job ends, also while there is traffic. A view may ask for less. Not less than MIN_IDLE_SECONDS.",
    31536000,
    31536000,
  ),
  loadReportSeconds: seconds(
    "LOAD_REPORT_SECONDS",
    "Seconds between two of Envoy's load reports, by which leases are renewed. Not more than half of MIN_IDLE_SECONDS.",
    5,
    60,
  ),
  clusterGraceSeconds: seconds(
    "CLUSTER_GRACE_SECONDS",
    "Seconds that Envoy keeps the cluster of a view that fell asleep.",
    60,
    3600,
  ),
  drainSeconds: seconds(
    "DRAIN_SECONDS",
    "Seconds that requests which are held may wait when the sidecar is told to stop, or the gateway's pod is deleted.",
    20,
    3600,
  ),
  bodyLimitBytes: limit("BODY_LIMIT_BYTES", "Largest body of a request to the API, in bytes.", 65536),
  requestBodyBufferLimitBytes: limit(
    "REQUEST_BODY_BUFFER_LIMIT_BYTES",
    "Largest request body, in bytes, that is read whole while its request is held, and then survives the crash of a sidecar. It takes twice its length of HELD_BYTES_PER_VIEW.",
    8388608,
  ),
  lakeRoleArn: {
    description:
      "ARN of the role that views' S3 credentials are of. Without it there is no lake: views have no subsets.",
    type: "string",
    pattern: "^arn:[!-~]{16,2044}$",
    env: "LAKE_ROLE_ARN",
  },
  awsRegion: {
    description: "The lake's region.",
    type: "string",
    maxLength: 63,
    pattern: "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$",
    default: "us-east-1",
    env: "AWS_REGION",
  },
  s3Endpoint: endpoint(
    "AWS_ENDPOINT_URL_S3",
    "URL of S3, as Envoy and views' pods reach it. Default: AWS' own of the region.",
  ),
  stsEndpoint: endpoint(
    "AWS_ENDPOINT_URL_STS",
    "URL of STS, as the sidecar reaches it. Default: AWS' own of the region.",
  ),
  lakePathStyle: {
    description: "Whether views' pods are told to name buckets in the path. Below /_lake/ it is always so.",
    type: "boolean",
    default: true,
    env: "LAKE_PATH_STYLE",
  },
  lakeCredentialsSeconds: {
    description: "How long a view's S3 credentials last; they are renewed at half of it. The role allows it too.",
    type: "integer",
    // Of STS.
    minimum: 900,
    maximum: 43200,
    default: 3600,
    env: "LAKE_CREDENTIALS_SECONDS",
  },
  lakeCaFile: {
    description: "Path, in Envoy's container, of the certificates that S3's own is checked against.",
    type: "string",
    pattern: "^/",
    default: "/etc/ssl/certs/ca-certificates.crt",
    env: "LAKE_CA_FILE",
  },
  accessLog: {
    description: "Whether Envoy writes an access log.",
    type: "boolean",
    default: true,
    env: "ACCESS_LOG",
  },
  logLevel: {
    description: "Least severe level that the sidecar logs.",
    enum: ["debug", "info", "warning", "error"],
    default: "info",
    env: "LOG_LEVEL",
  },
};

/** Members that have neither to be given nor a default. */
const optional = ["lakeRoleArn", "s3Endpoint", "stsEndpoint"];

export default {
  title: "Config",
  description: "The sidecar's configuration, read from the environment.",
  type: "object",
  additionalProperties: false,
  // A member with a default is filled in before it is asked for.
  required: Object.keys(properties).filter((member) => !optional.includes(member)),
  properties,
};
