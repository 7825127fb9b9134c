import View from "./View.type.js";

export default {
  title: "CreateView",
  description: "Body of `POST /_api/views`.",
  type: "object",
  additionalProperties: false,
  required: ["name", ...View.required],
  properties: {
    name: {
      description:
        "The view's name, an RFC 1035 label: it becomes the name of a Service and the first label of a hostname.",
      type: "string",
      maxLength: 63,
      words: "must have only lowercase letters, digits and hyphens, begin with a letter, and not end with a hyphen",
      pattern: "^[a-z]([-a-z0-9]*[a-z0-9])?$",
    },
    ...View.properties,
  },
};
