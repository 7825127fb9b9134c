export default {
  title: "ViewList",
  description: "One page of `GET /_api/views`, ordered by name.",
  type: "object",
  additionalProperties: false,
  required: ["items"],
  properties: {
    items: { type: "array", items: { $ref: "#/definitions/ViewResource" } },
    next: { description: "Path of the next page; missing on the last.", type: "string" },
  },
};
