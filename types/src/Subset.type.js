export default {
  title: "Subset",
  description: "A part of the lake: one bucket and the keys below one prefix.",
  type: "object",
  additionalProperties: false,
  required: ["bucket"],
  properties: {
    bucket: {
      description: "Name of the S3 bucket.",
      type: "string",
      pattern: "^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$",
    },
    prefix: {
      description:
        "What every key of the subset starts with. It ends in `/`, added where missing; empty means the whole bucket. It has no empty segment, `.`, `..`, backslash or control character.",
      type: "string",
      maxLength: 1024,
    },
    access: {
      description: "What the view may do there. Default: read.",
      enum: ["read", "readwrite"],
    },
  },
};
