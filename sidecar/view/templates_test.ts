import { deepEqual, equal, match } from "node:assert/strict";
import { invalidTemplates, isChanged, noTemplates, templateNamed, templateNames, templatesIn } from "./templates.ts";

const job = (image: string) => `
apiVersion: batch/v1
kind: Job
spec: {template: {spec: {containers: [{name: view, image: "${image}"}]}}}
`;
const none = noTemplates("view-gateway-templates", "default");
const two = templatesIn(none, { "default.yaml": job("a"), "slow.yaml": job("b"), "README.md": "Our templates." });

const invalid = (...args: Parameters<typeof templateNamed>) => {
  const result = templateNamed(...args);
  return "invalid" in result ? result.invalid : "";
};

Deno.test("each key NAME.yaml of the ConfigMap is a template, and a view that names none gets the default one", () => {
  deepEqual(templateNames(two), ["default", "slow"]);
  equal(templateNamed(two), templateNamed(two, "default"));
  equal(invalid(two, "slow"), "");
});

Deno.test("a missing template is reported with its name and the ConfigMap's", () => {
  equal(invalid(two, "gold"), "There is no template gold: ConfigMap view-gateway-templates has no key gold.yaml.");
  equal(invalid(none, "gold"), "There is no template gold: there is no ConfigMap view-gateway-templates.");
  match(invalid(none), /^There is no template default: /);
  equal(invalid(templatesIn(two, undefined), "slow"), invalid(none, "slow"));
});

Deno.test("only a changed text is parsed, and only its template has changed", () => {
  const after = templatesIn(two, { "default.yaml": job("a"), "slow.yaml": job("c"), "new.yaml": job("d") });
  equal(templateNamed(after, "default"), templateNamed(two, "default"));
  const concerned = ["default", "slow", "new", "gold", undefined].filter((name) => isChanged(two, after, name));
  deepEqual(concerned, ["slow", "new"]);
});

Deno.test("a template with the same problem as before has not changed", () => {
  const broken = templatesIn(none, { "default.yaml": "kind: Jib" });
  const still = templatesIn(broken, { "default.yaml": "kind: Jab" });
  equal(isChanged(broken, still, "default"), false);
  equal(isChanged(still, two, "default"), true);
  deepEqual(templateNames(still), ["default"]);
});

Deno.test("all templates change when the ConfigMap is created or deleted", () => {
  for (const name of ["default", "gold", undefined]) {
    equal(isChanged(none, two, name), true);
    equal(isChanged(two, templatesIn(two, undefined), name), true);
  }
});

Deno.test("templates that cannot be used are named, and so is a default one that is missing", () => {
  deepEqual(invalidTemplates(none), ["default"]);
  deepEqual(invalidTemplates(two), []);
  deepEqual(invalidTemplates(templatesIn(none, { "other.yaml": "kind: Pod" })), ["default", "other"]);
});
