import { deepEqual } from "node:assert/strict";
import { readTemplate } from "./template.ts";

const read = (metadata: object | undefined) => {
  const spec = { template: { spec: { containers: [{ name: "view" }] } } };
  const result = readTemplate(JSON.stringify({ apiVersion: "batch/v1", kind: "Job", metadata, spec }), "duckdb");
  if ("invalid" in result) throw new Error(result.invalid);
  const { description, digest, job } = result.template;
  return { description, digest, metadata: job.metadata };
};
const described = (description: string, others: object = {}) => ({
  annotations: { "view.yolean.se/description": description, ...others },
});

Deno.test("a template's description is no part of what is started, so other words need no restart", () => {
  const plain = read(undefined);
  deepEqual(plain.description, undefined);
  deepEqual(read(described("SQL over the subsets.")), { ...plain, description: "SQL over the subsets." });
  deepEqual(read(described("")), { ...plain, description: "" });
  const team = { team: "sales" };
  deepEqual(read(described("x", team)), { ...read({ annotations: team }), description: "x" });
  deepEqual(read({ labels: team, ...described("x") }), { ...read({ labels: team }), description: "x" });
});

Deno.test("a description that is no text stays where Kubernetes tells so", () => {
  const metadata = { annotations: { "view.yolean.se/description": null } };
  deepEqual([read(metadata).description, read(metadata).metadata], [undefined, metadata]);
});
