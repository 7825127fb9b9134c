export default {
  title: "TemplateList",
  description:
    "The answer to `GET /_api/templates`: all templates, ordered by name, and the default one also where it is missing.",
  type: "object",
  additionalProperties: false,
  required: ["items"],
  properties: {
    items: { description: "The templates.", type: "array", items: { $ref: "#/definitions/TemplateResource" } },
  },
};
