export default {
  title: "NoQuery",
  description: "The query of a path that takes no parameters.",
  type: "object",
  additionalProperties: false,
  properties: {},
};
