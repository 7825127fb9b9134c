import { deepEqual, equal } from "node:assert/strict";
import { parseAllDocuments } from "yaml";
import { eventually } from "../../testing/eventually.ts";
import { clusterTest } from "../testing/namespace.ts";
import { Reviews } from "./reviews.ts";

const manual = await Deno.readTextFile(new URL("../../../docs/ACCESS.md", import.meta.url));
const VERBS = ["list", "get", "create", "patch", "delete", "open"];
const PATHS: Readonly<Record<string, string>> = {
  ServiceAccount: "api/v1/serviceaccounts",
  Role: "apis/rbac.authorization.k8s.io/v1/roles",
  RoleBinding: "apis/rbac.authorization.k8s.io/v1/rolebindings",
};

/** The first block of YAML below the heading "Rights", for this namespace. */
function examples(namespace: string): readonly { readonly kind: string }[] {
  const [, section = ""] = /^## Rights\n([^]*?)\n## /m.exec(manual) ?? [];
  const [, yaml = ""] = /^```yaml\n([^]*?)^```/m.exec(section) ?? [];
  return parseAllDocuments(yaml.replaceAll("namespace: views", `namespace: ${namespace}`)).map((one) => one.toJS());
}

clusterTest("the manual's roles let each one do what the manual says, and nothing else", async (namespace) => {
  const { name, transport, signal } = namespace;
  const objects = examples(name);
  equal(objects.length, 7);
  for (const object of objects) await namespace.call("POST", PATHS[object.kind]!, object);
  const reviews = new Reviews(transport, name);
  const may = async (user: string, group: string, view: string) => {
    const kinds = await Promise.all(
      VERBS.map(async (verb) => (await reviews.access({ user, groups: [group], verb, name: view }, signal)).kind),
    );
    return VERBS.filter((_, index) => kinds[index] === "allowed");
  };
  const ci = `system:serviceaccount:${name}:ci`;
  // RBAC learns of roles by a watch of its own.
  await eventually("the last role counts", async () => (await may(ci, "", "sales-2024")).length > 0);
  deepEqual(await may("oidc:olga", "oidc:platform", "hr"), VERBS);
  deepEqual(await may("oidc:anna", "oidc:analysts", "sales-2024"), ["get", "open"]);
  deepEqual(await may("oidc:anna", "oidc:analysts", "sales-2025"), ["get", "open"]);
  deepEqual(await may("oidc:anna", "oidc:analysts", "hr"), []);
  deepEqual(await may(ci, "system:serviceaccounts", "sales-2024"), ["create"]);
  deepEqual(await may("oidc:bob", "oidc:analysts", "sales-2024"), []);
  // The issuer's names without their prefix are nobody's here.
  deepEqual(await may("anna", "platform", "sales-2024"), []);
});
