import { noTemplates, templatesIn } from "../../view/templates.ts";

const job = (description: string, warm?: string) =>
  JSON.stringify({
    ...{ apiVersion: "batch/v1", kind: "Job" },
    metadata: { annotations: { "view.yolean.se/description": description } },
    spec: {
      template: {
        metadata: {
          annotations: {
            ...warm !== undefined && { "view.yolean.se/warm": warm, "view.yolean.se/assign": "/_gate/assign" },
          },
        },
        spec: { containers: [{ name: "view", image: "a", ports: [{ name: "http", containerPort: 8080 }] }] },
      },
    },
  });

/** Templates of several kinds: the default one, one with a warm pool, and one that is invalid. */
export const MADE_UP_TEMPLATES = templatesIn(noTemplates("view-gateway-templates", "default"), {
  "default.yaml": job("A page with a list of the objects in the view's subsets."),
  "duckdb.yaml": job("SQL over the subsets.", "3"),
  "orders.yaml": "kind: Pod",
});
