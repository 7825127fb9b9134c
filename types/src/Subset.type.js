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
        "What every key of the subset starts with. It ends in `/`, added where missing; empty means the whole bucket.",
      type: "string",
      maxLength: 1024,
      // S3 keys may hold control characters; a session policy may not name them.
      pattern: "^[^\\u0000-\\u001f\\u007f]*$",
    },
    access: {
      description: "What the view may do there. Default: read.",
      enum: ["read", "readwrite"],
    },
  },
};
