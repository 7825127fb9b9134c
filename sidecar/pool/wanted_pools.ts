import { poolOf, type PoolSettings, type WarmPool } from "../view/pool_job.ts";
import type { Template } from "../view/template.ts";
import { templateNamed, templateNames, type Templates } from "../view/templates.ts";

/** The pools that templates ask for. Each is rendered once: a changed ConfigMap has another template. */
export class WantedPools {
  readonly #settings: PoolSettings;
  readonly #rendered = new WeakMap<Template, WarmPool>();

  constructor(settings: PoolSettings) {
    this.#settings = settings;
  }

  /** The pool of the template that has this name. */
  of(name: string, template: Template): WarmPool | undefined {
    const known = this.#rendered.get(template);
    if (known !== undefined) return known;
    const pool = poolOf(name, template, this.#settings);
    if (pool !== undefined) this.#rendered.set(template, pool);
    return pool;
  }

  /** The pools of all valid templates. */
  in(templates: Templates): readonly WarmPool[] {
    return templateNames(templates).flatMap((name) => {
      const result = templateNamed(templates, name);
      return "template" in result ? this.of(name, result.template) ?? [] : [];
    });
  }
}
