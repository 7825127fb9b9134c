import View from "./View.type.js";

/** The schema of a member that null removes. What is in an array is not merged. */
const removable = ({ description, ...schema }) => ({
  description,
  anyOf: [{
    ...schema,
    ...schema.properties && {
      properties: Object.fromEntries(
        Object.entries(schema.properties).map(([name, inner]) => [name, removable(inner)]),
      ),
    },
  }, { type: "null" }],
});

export default {
  title: "ViewPatch",
  description: "A change of a view's spec, as a JSON Merge Patch (RFC 7396): null removes a member.",
  type: "object",
  additionalProperties: false,
  properties: Object.fromEntries(
    Object.entries(View.properties).map(([name, schema]) => [name, removable(schema)]),
  ),
};
