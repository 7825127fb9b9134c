export default {
  title: "LakeFolder",
  description: "One page of what lies directly below a prefix of a bucket.",
  type: "object",
  additionalProperties: false,
  required: ["bucket", "prefix", "prefixes", "objects"],
  properties: {
    bucket: { description: "Name of the S3 bucket.", type: "string" },
    prefix: { description: "Empty, or with `/` at its end.", type: "string" },
    access: {
      description:
        "What the grants allow a view with this prefix. Missing where they allow only some of the prefixes below it.",
      enum: ["read", "readwrite"],
    },
    prefixes: {
      description:
        "The prefixes directly below, whole and with `/` at their ends. Those that no subset can have are missing.",
      type: "array",
      items: { type: "string" },
    },
    objects: {
      description: "The objects directly below.",
      type: "array",
      items: {
        type: "object",
        additionalProperties: false,
        required: ["key", "bytes", "modifiedAt"],
        properties: {
          key: { description: "The whole key.", type: "string" },
          bytes: { description: "Its size.", type: "integer" },
          modifiedAt: { description: "When it was last written.", type: "string", format: "date-time" },
        },
      },
    },
    next: { description: "Path of the next page; missing on the last.", type: "string" },
  },
};
