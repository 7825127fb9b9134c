import Subset from "./Subset.type.js";

/** Characters of a segment, without and with a dot. */
const [OTHER, ANY] = ["[^./", "[^/"].map((begin) => `${begin}\\\\\\u0000-\\u001f\\u007f-\\u009f]`);

/** A segment that is neither empty nor `.` or `..`; the same as sidecar/view/lake_path.ts says. */
const SEGMENT = `(${OTHER}|\\.${OTHER}|\\.\\.${ANY})${ANY}*`;

export default {
  title: "LakeQuery",
  description: "The query parameters of `GET /_api/lake`. Without a bucket, the answer has buckets.",
  type: "object",
  additionalProperties: false,
  required: ["prefix"],
  properties: {
    bucket: Subset.properties.bucket,
    prefix: {
      description:
        "What lies below this prefix, as in a subset: a missing `/` at the end is added. Empty: the bucket. Without a bucket it is not heeded.",
      type: "string",
      words:
        "must have no empty segment, `.`, `..`, backslash or control character: some programs change it to another prefix",
      pattern: `^(${SEGMENT}(/${SEGMENT})*/?)?$`,
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
