import ViewsQuery from "./ViewsQuery.type.js";

export default {
  title: "WatchQuery",
  description: "The query parameters of `GET /_api/views/NAME`.",
  type: "object",
  additionalProperties: false,
  properties: { watch: ViewsQuery.properties.watch },
};
