import { type Config, schemas, validate } from "@view-gateway/types";
import { requiredLabels } from "./view/selector.ts";

/** Everything that is wrong with the environment, at once. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`The configuration has ${problems.length} problem(s): ${problems.join("; ")}`);
    this.problems = problems;
  }
}

interface Property {
  readonly env: string;
  readonly type?: string;
}

const properties: Readonly<Record<string, Property>> = schemas.definitions.Config.properties;

/** The environment variables that the sidecar reads. */
export const variables: readonly string[] = Object.values(properties).map(({ env }) => env);

/**
 * The configuration that the environment gives; an empty variable counts as one that is not set.
 * @throws ConfigError
 */
export function configOf(get: (variable: string) => string | undefined): Config {
  const raw: Record<string, unknown> = {};
  for (const [member, property] of Object.entries(properties)) {
    const text = get(property.env);
    if (text !== undefined && text !== "") raw[member] = read(text.trim(), property.type);
  }
  const result = validate("Config", raw);
  const problems = "errors" in result
    ? result.errors.map(({ pointer, detail }) => {
      const env = properties[pointer.slice(1)]?.env ?? pointer;
      const value = get(env);
      return value ? `${env} ${detail}, but is "${value}"` : `${env} ${detail}`;
    })
    : [];
  if (typeof raw.viewSelector === "string" && requiredLabels(raw.viewSelector) === undefined) {
    problems.push(`VIEW_SELECTOR must be a list of keys and key=value pairs, but is "${raw.viewSelector}"`);
  }
  if ("value" in result) problems.push(...contradictions(result.value));
  if (!("value" in result) || problems.length > 0) throw new ConfigError(problems);
  return result.value;
}

/** What each variable allows and all of them together do not. */
function contradictions(config: Config): readonly string[] {
  const { idleSeconds, minIdleSeconds, maxIdleSeconds, loadReportSeconds } = config;
  const urls = { AWS_ENDPOINT_URL_S3: config.s3Endpoint, AWS_ENDPOINT_URL_STS: config.stsEndpoint };
  const patterns = {
    PROBE_USER_AGENT: config.probeUserAgent,
    PROBE_METHOD: config.probeMethod,
    PROBE_PATH: config.probePath,
  };
  return [
    ...Object.entries(patterns).flatMap(([name, pattern]) =>
      isPattern(pattern) ? [] : [`${name} must be a regular expression, but is "${pattern}"`]
    ),
    ...Object.entries(urls).flatMap(([name, url]) =>
      url === undefined || URL.canParse(url) ? [] : [`${name} must be a URL, but is "${url}"`]
    ),
    ...minIdleSeconds <= idleSeconds && idleSeconds <= maxIdleSeconds ? [] : [
      `IDLE_SECONDS must be from MIN_IDLE_SECONDS (${minIdleSeconds}) to MAX_IDLE_SECONDS (${maxIdleSeconds}), but is "${idleSeconds}"`,
    ],
    ...loadReportSeconds * 2 <= minIdleSeconds ? [] : [
      `LOAD_REPORT_SECONDS must be half of MIN_IDLE_SECONDS (${minIdleSeconds}) or less, but is "${loadReportSeconds}"`,
    ],
  ];
}

/** What no regular expression is to us is none to Envoy either, which would refuse all of its routes. */
function isPattern(pattern: string): boolean {
  try {
    new RegExp(pattern, "u");
    // RE2 has none of these.
    return !/\(\?(<?[=!]|>)|\\[1-9]/.test(pattern);
  } catch {
    return false;
  }
}

/** A variable's text as the schema's type has it; what does not read so stays text, and the schema refuses it. */
function read(text: string, type: string | undefined): unknown {
  if (type === "integer" && /^-?[0-9]+$/.test(text)) return Number(text);
  if (type === "boolean" && (text === "true" || text === "false")) return text === "true";
  return text;
}
