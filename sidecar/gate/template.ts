import type { V1Job } from "@kubernetes/client-node";
import { parse } from "yaml";
import { startProbeProblem } from "../view/start_probe.ts";

/** A template that is missing, is no Job manifest, or asks for what there is not; the message says which file. */
export class TemplateError extends Error {
  override readonly name = "TemplateError";
}

/** The workload templates in a directory, as the one that a ConfigMap is mounted at. */
export class Templates {
  readonly #directory: string;
  readonly #parsed = new Map<string, { readonly text: string; readonly job: V1Job }>();

  constructor(directory: string) {
    this.#directory = directory;
  }

  /**
   * A template as its file is now, so that a changed ConfigMap holds from a view's next wake on; parsed when it has
   * changed.
   * @throws TemplateError
   */
  async read(name: string): Promise<V1Job> {
    const text = await this.#text(name);
    const parsed = this.#parsed.get(name);
    if (parsed?.text === text) return parsed.job;
    const job = parseTemplate(text, name);
    this.#parsed.set(name, { text, job });
    return job;
  }

  async #text(name: string): Promise<string> {
    const path = `${this.#directory}/${name}.yaml`;
    try {
      return await Deno.readTextFile(path);
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) {
        throw new TemplateError(`There is no template ${name}: ${path} is missing.`);
      }
      throw new TemplateError(`Template ${name} cannot be read: ${(error as Error).message}`);
    }
  }
}

/** @throws TemplateError */
export function parseTemplate(text: string, name: string): V1Job {
  let value: V1Job | null;
  try {
    value = parse(text);
  } catch (error) {
    throw new TemplateError(`Template ${name} is not YAML: ${(error as Error).message}`);
  }
  if (value?.kind !== "Job" || value.apiVersion !== "batch/v1") {
    throw new TemplateError(`Template ${name} is not a Job of batch/v1.`);
  }
  const containers: unknown = value.spec?.template?.spec?.containers;
  if (!Array.isArray(containers) || containers.length === 0) {
    throw new TemplateError(`Template ${name} has no container.`);
  }
  const problem = startProbeProblem({
    job: value.metadata?.annotations,
    pod: value.spec?.template.metadata?.annotations,
  });
  if (problem !== undefined) throw new TemplateError(`Template ${name} ${problem}`);
  return value;
}
