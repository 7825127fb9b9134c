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
      words: "must be 3 to 63 lowercase letters, digits, dots and hyphens, with a letter or digit at both ends",
      pattern: "^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$",
    },
    prefix: {
      description:
        "The prefix of all keys in the subset; empty means the whole bucket. A missing `/` at the end is added. It has no empty segment, `.`, `..`, backslash or control character.",
      type: "string",
      maxLength: 1024,
    },
    access: {
      description: "What the view may do with the subset. Default: read.",
      enum: ["read", "readwrite"],
    },
  },
};
