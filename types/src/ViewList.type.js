export default {
  title: "ViewList",
  description: "One page of `GET /_api/views`, ordered by name.",
  type: "object",
  additionalProperties: false,
  required: ["items", "total"],
  properties: {
    items: { description: "The views of the page.", type: "array", items: { $ref: "#/definitions/ViewResource" } },
    total: { description: "How many views the user may see that fit the query, on all pages.", type: "integer" },
    next: { description: "Path of the next page; missing on the last.", type: "string" },
  },
};
