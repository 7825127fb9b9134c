import ViewsQuery from "./ViewsQuery.type.js";

const { watch } = ViewsQuery.properties;

export default {
  title: "WatchQuery",
  description: "The query parameters of `GET /_api/views/NAME`.",
  type: "object",
  additionalProperties: false,
  properties: {
    watch: {
      ...watch,
      description: "Without a value or `true`: the answer is a stream of server-sent events, the view as it is first.",
    },
  },
};
