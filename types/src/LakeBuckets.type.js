export default {
  title: "LakeBuckets",
  description: "The buckets of the lake that the user's grants name. Without grants: all of them.",
  type: "object",
  additionalProperties: false,
  required: ["buckets"],
  properties: {
    buckets: {
      description: "The buckets.",
      type: "array",
      items: {
        type: "object",
        additionalProperties: false,
        required: ["bucket", "access"],
        properties: {
          bucket: { description: "Name of the S3 bucket.", type: "string" },
          prefixes: {
            description: "The prefixes in it that the grants name. Missing where the user may browse the whole bucket.",
            type: "array",
            items: { type: "string" },
          },
          access: {
            description: "The most that the grants allow anywhere in the bucket.",
            enum: ["read", "readwrite"],
          },
        },
      },
    },
    next: { description: "Path of the next page; missing on the last.", type: "string" },
  },
};
