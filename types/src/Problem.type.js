export default {
  title: "Problem",
  description: "An error as RFC 9457 says it: `application/problem+json`.",
  type: "object",
  required: ["type", "title", "status", "detail"],
  properties: {
    type: { description: "What kind of problem it is: `about:blank`, or a URN of the gateway's.", type: "string" },
    title: { type: "string" },
    status: { description: "The HTTP status.", type: "integer" },
    detail: { description: "What is wrong here, and what to do.", type: "string" },
    errors: {
      description: "Every problem found in a request.",
      type: "array",
      items: {
        type: "object",
        additionalProperties: false,
        required: ["pointer", "detail"],
        properties: {
          pointer: { description: "JSON Pointer (RFC 6901) into the body; empty for the whole of it.", type: "string" },
          detail: { type: "string" },
        },
      },
    },
    reason: {
      description: "Why, in one word: `ErrImagePull` of a view that has failed, `NoSuchBucket` of S3.",
      type: "string",
    },
    view: { description: "The view's name.", type: "string" },
  },
};
