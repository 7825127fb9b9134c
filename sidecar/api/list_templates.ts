import type { TemplateList, TemplateResource } from "@view-gateway/types";
import { startOf } from "../view/start.ts";
import { templateNamed, templateNames, type Templates } from "../view/templates.ts";
import type { ApiOptions } from "./api_options.ts";
import type { ApiContext } from "./api_user.ts";
import { kubernetesUnavailable } from "./kubernetes_unavailable.ts";
import { permission } from "./permission.ts";

/** Answers `GET /_api/templates`: the templates from which the user may create views. */
export async function listTemplates(c: ApiContext, options: ApiOptions): Promise<Response> {
  const why = await permission(c, "create", undefined, options);
  if (why instanceof Response) return why;
  const templates = options.templates();
  if (templates === undefined) return kubernetesUnavailable("The gateway has not read the templates yet.");
  return c.json(templateList(templates, options.required) satisfies TemplateList);
}

/**
 * All templates as the API shows them, and the default one also where it is missing.
 * @param required labels that the configured selector requires
 */
export function templateList(templates: Templates, required: Readonly<Record<string, string>>): TemplateList {
  const names = new Set([...templateNames(templates), templates.defaultName]);
  const resource = (name: string): TemplateResource => {
    const found = templateNamed(templates, name);
    const { description, warm } = "template" in found ? found.template : {};
    const start = startOf({ name: "", spec: { subsets: [], template: name } }, templates, required);
    return {
      name,
      ...description !== undefined && { description },
      isDefault: name === templates.defaultName,
      ...warm !== undefined && { warm: warm.size },
      ..."cause" in start && { problem: start.cause.message },
    };
  };
  return { items: [...names].sort().map(resource) };
}
