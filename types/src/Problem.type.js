export default {
  title: "Problem",
  description: "An error as in RFC 9457: `application/problem+json`.",
  type: "object",
  required: ["type", "title", "status", "detail"],
  properties: {
    type: { description: "The kind of problem: `about:blank`, or one of the gateway's URNs.", type: "string" },
    title: { description: "The words of the HTTP status.", type: "string" },
    status: { description: "The HTTP status.", type: "integer" },
    detail: { description: "What is wrong, and what to do.", type: "string" },
    errors: {
      description: "All problems of the request.",
      type: "array",
      items: {
        type: "object",
        additionalProperties: false,
        required: ["pointer", "detail"],
        properties: {
          pointer: { description: "JSON Pointer (RFC 6901) into the body; empty for the whole body.", type: "string" },
          detail: { description: "What is wrong there.", type: "string" },
        },
      },
    },
    parameters: {
      description: "All problems of the request's query parameters.",
      type: "array",
      items: {
        type: "object",
        additionalProperties: false,
        required: ["name", "detail"],
        properties: {
          name: { description: "The parameter.", type: "string" },
          detail: { description: "What is wrong with it.", type: "string" },
        },
      },
    },
    reason: {
      description: "The reason in one word, such as `ErrImagePull` of a failed view or `NoSuchBucket` of S3.",
      type: "string",
    },
    view: { description: "The view's name.", type: "string" },
    traceId: {
      description: "ID of the trace that tells what the request waited for, where the gateway records one.",
      type: "string",
    },
  },
};
