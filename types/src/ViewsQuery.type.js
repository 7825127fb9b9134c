export default {
  title: "ViewsQuery",
  description: "The query parameters of `GET /_api/views`. A view is in the list if it fits all of them.",
  type: "object",
  additionalProperties: false,
  required: ["limit", "after"],
  properties: {
    limit: {
      description: "Most views on the page.",
      type: "integer",
      words: "must be a whole number from 1 to 1000",
      minimum: 1,
      maximum: 1000,
      default: 100,
    },
    after: { description: "The page has names that come after this one.", type: "string", default: "" },
    phase: { $ref: "#/definitions/Phase" },
    owner: { description: "The whole name of the owner.", type: "string" },
    q: { description: "A part of the view's name.", type: "string" },
    watch: {
      description:
        "Without a value or `true`: the answer is a stream of server-sent events, one for each change. It has no pages: `limit` and `after` do not count.",
      type: "string",
      words: "takes no value, or true",
      pattern: "^(true)?$",
    },
  },
};
