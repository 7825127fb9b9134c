import schemas from "../../types/src/definitions.js";

const BEGIN =
  "<!-- configuration: what types/src/Config.type.js says; `deno task schemas` writes it -->\n<!-- deno-fmt-ignore-start -->\n";
const END = "<!-- deno-fmt-ignore-end -->\n";

interface Variable {
  readonly env: string;
  readonly description: string;
  readonly default?: unknown;
}

/** The README with its table of configuration as the schema has it. */
export function withConfigurationTable(readme: string): string {
  const begin = readme.indexOf(BEGIN);
  const end = readme.indexOf(END);
  if (begin === -1 || end < begin) throw new Error("README.md has no place for the table of configuration.");
  return readme.slice(0, begin + BEGIN.length) + "\n" + table() + "\n" + readme.slice(end);
}

function table(): string {
  const properties: Readonly<Record<string, Variable>> = schemas.definitions.Config.properties;
  const required: readonly string[] = schemas.definitions.Config.required;
  const rows = Object.entries(properties).map(([member, { env, description, default: initial }]) => {
    const otherwise = initial === undefined ? (required.includes(member) ? "required" : "") : shown(initial);
    return `| \`${env}\` | ${escaped(description)} | ${otherwise} |`;
  });
  return ["| variable | meaning | default |", "| --- | --- | --- |", ...rows, ""].join("\n");
}

function shown(value: unknown): string {
  return value === "" ? "" : `\`${escaped(String(value))}\``;
}

function escaped(text: string): string {
  return text.replaceAll("|", "\\|");
}
