import { closestWord, type Invalid } from "@view-gateway/types";
import { startOf } from "../view/start.ts";
import { templateNames, type Templates } from "../view/templates.ts";

/**
 * Why a view cannot start from this template, or from the default one where it names none. No problem is known while the
 * templates are not.
 * @param required labels that the configured selector requires
 */
export function templateProblems(
  template: string | undefined,
  templates: Templates | undefined,
  required: Readonly<Record<string, string>>,
): readonly Invalid[] {
  if (templates === undefined) return [];
  const spec = { subsets: [], ...template !== undefined && { template } };
  const start = startOf({ name: "", spec }, templates, required);
  if ("template" in start) return [];
  const names = templateNames(templates);
  const name = template ?? templates.defaultName;
  const others = names.includes(name) ? [] : [
    names.length === 0 ? "There are none" : `There are ${names.join(", ")}`,
    ...suggested(name, names),
  ];
  const left = template === undefined ? `is left out, and the default cannot be used: ` : "cannot be used: ";
  return [{ pointer: "/template", detail: left + [start.cause.message.replace(/\.$/, ""), ...others].join(". ") }];
}

function suggested(name: string, names: readonly string[]): readonly string[] {
  const meant = closestWord(name, names);
  return meant === undefined ? [] : [`Did you mean ${meant}?`];
}
