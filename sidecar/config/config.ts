/** This folder reads the configuration from the environment, and finds everything that is wrong with it. */
import { type Config, schemas, validate } from "@view-gateway/types";
import { contradictions } from "./contradictions.ts";
import { signInProblems } from "./sign_in_problems.ts";

/** Everything that is wrong with the environment. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`The configuration has ${problems.length} problem(s): ${problems.join("; ")}`);
    this.problems = problems;
  }
}

export type Environment = (variable: string) => string | undefined;

interface Property {
  readonly env: string;
  readonly type?: string;
}

const properties: Readonly<Record<string, Property>> = schemas.definitions.Config.properties;

/** The environment variables that the sidecar reads. */
export const variables: readonly string[] = Object.values(properties).map(({ env }) => env);

export interface ReadConfig {
  /** The valid members; all of them when there are no problems. */
  readonly known: Partial<Config>;
  readonly problems: readonly string[];
}

/** Reads the environment, with everything that is wrong with it. An empty variable counts as unset. */
export function readConfig(get: Environment): ReadConfig {
  const raw: Record<string, unknown> = {};
  for (const [member, property] of Object.entries(properties)) {
    const text = get(property.env);
    if (text !== undefined && text !== "") raw[member] = read(text.trim(), property.type);
  }
  // It also fills in defaults.
  const result = validate("Config", raw);
  const errors = "errors" in result ? result.errors : [];
  const problems = errors.map(({ pointer, detail }) => {
    const env = properties[pointer.slice(1)]?.env ?? pointer;
    const value = get(env);
    return value ? `${env} ${detail}, but is "${withoutUser(value)}"` : `${env} ${detail}`;
  });
  const wrong = new Set(errors.map(({ pointer }) => pointer.slice(1)));
  const known: Partial<Config> = Object.fromEntries(Object.entries(raw).filter(([member]) => !wrong.has(member)));
  const more = signInProblems(known, (member) => member in raw);
  const all = [...problems, ...contradictions(known), ...more];
  return {
    known: { ...known, ...known.podNamespace === "" && { podNamespace: known.namespace ?? "" } },
    problems: all,
  };
}

/**
 * The configuration that the environment gives.
 * @throws ConfigError
 */
export function configOf(get: Environment): Config {
  return complete(readConfig(get));
}

/** @throws ConfigError */
export function complete({ known, problems }: ReadConfig): Config {
  if (problems.length > 0) throw new ConfigError(problems);
  return known as Config;
}

/** A URL may have a password. */
function withoutUser(text: string): string {
  return text.replace(/\/\/.*@/, "//…@");
}

/** A variable's text as a value of the schema's type. Other text stays text, and the schema refuses it. */
function read(text: string, type: string | undefined): unknown {
  if (type === "integer" && /^-?[0-9]+$/.test(text)) return Number(text);
  if (type === "boolean" && (text === "true" || text === "false")) return text === "true";
  return text;
}
