import { readTemplate, type TemplateResult } from "./template.ts";

/** The workload templates of a ConfigMap, each parsed once. Immutable: a changed ConfigMap gets another one. */
export interface Templates {
  /** The ConfigMap's name. */
  readonly configMap: string;
  /** Name of the template for views that name none. */
  readonly defaultName: string;
  /** By name; undefined if there is no such ConfigMap. */
  readonly read: ReadonlyMap<string, ReadTemplate> | undefined;
}

interface ReadTemplate {
  readonly text: string;
  readonly result: TemplateResult;
}

const SUFFIX = ".yaml";

/** The templates before the ConfigMap has been read. */
export function noTemplates(configMap: string, defaultName: string): Templates {
  return { configMap, defaultName, read: undefined };
}

/**
 * The templates of the present ConfigMap; parses only new and changed texts.
 * @param data its keys and texts; undefined if there is no such ConfigMap
 */
export function templatesIn(before: Templates, data: Readonly<Record<string, string>> | undefined): Templates {
  if (data === undefined) return { ...before, read: undefined };
  const read = Object.entries(data).filter(([key]) => key.endsWith(SUFFIX)).map(([key, text]) => {
    const name = key.slice(0, -SUFFIX.length);
    const former = before.read?.get(name);
    return [name, former?.text === text ? former : { text, result: readTemplate(text, name) }] as const;
  });
  return { ...before, read: new Map(read) };
}

/** The template of this name, or the default one. */
export function templateNamed(templates: Templates, name = templates.defaultName): TemplateResult {
  const { read, configMap } = templates;
  if (read === undefined) return { invalid: `There is no template ${name}: there is no ConfigMap ${configMap}.` };
  return read.get(name)?.result ??
    { invalid: `There is no template ${name}: ConfigMap ${configMap} has no key ${name}${SUFFIX}.` };
}

/** Whether the template of this name, or the default one, or its problem has changed. */
export function isChanged(before: Templates, after: Templates, name?: string): boolean {
  const [was, is] = [templateNamed(before, name), templateNamed(after, name)];
  return was !== is && !("invalid" in was && "invalid" in is && was.invalid === is.invalid);
}

/** The names of all templates, including invalid ones. */
export function templateNames({ read }: Templates): readonly string[] {
  return [...read?.keys() ?? []].sort();
}

/** The names of templates that cannot be used, the default one among them where it is missing. */
export function invalidTemplates(templates: Templates): readonly string[] {
  const names = new Set([templates.defaultName, ...templateNames(templates)]);
  return [...names].filter((name) => "invalid" in templateNamed(templates, name));
}
