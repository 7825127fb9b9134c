/** Environment variables that former versions read, and what to do instead. */
export const RETIRED: Readonly<Record<string, string>> = {
  TEMPLATES_DIRECTORY:
    "workload templates are read from the ConfigMap that TEMPLATES_CONFIG_MAP names, and no volume " +
    "of them is needed",
};

/** A message for each of them that is still set. */
export function retiredVariables(get: (variable: string) => string | undefined): readonly string[] {
  return Object.entries(RETIRED)
    .filter(([variable]) => get(variable))
    .map(([variable, instead]) => `${variable} is not read any more: ${instead}. Remove it.`);
}
