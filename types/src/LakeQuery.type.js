import Subset from "./Subset.type.js";

export default {
  title: "LakeQuery",
  description: "The query parameters of `GET /_api/lake`. Without a bucket, the answer has buckets.",
  type: "object",
  additionalProperties: false,
  required: ["prefix"],
  properties: {
    bucket: Subset.properties.bucket,
    prefix: {
      description: "What lies below this prefix, as in a subset: a missing `/` at the end is added. Empty: the bucket.",
      type: "string",
      maxLength: 1024,
      default: "",
    },
    after: {
      description: "Where the page begins. Only the path `next` of the page before has it.",
      type: "string",
      maxLength: 4096,
    },
  },
};
