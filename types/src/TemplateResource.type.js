export default {
  title: "TemplateResource",
  description: "A workload template in the API's responses.",
  type: "object",
  additionalProperties: false,
  required: ["name", "isDefault"],
  properties: {
    name: { description: "The name by which views choose it.", type: "string" },
    description: {
      description: "What it is for: the annotation `view.yolean.se/description` of its Job. Missing without one.",
      type: "string",
    },
    isDefault: { description: "Whether views that name no template start from it.", type: "boolean" },
    warm: { description: "How many started pods its warm pool keeps; missing where it has none.", type: "integer" },
    problem: { description: "Why no view can start from it; missing where views can.", type: "string" },
  },
};
