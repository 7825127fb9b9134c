export default {
  title: "Route",
  description: "Where a view is reached.",
  type: "object",
  additionalProperties: false,
  required: ["hostname", "url"],
  properties: {
    hostname: { description: "The view's name and the gateway's base hostname.", type: "string" },
    url: { description: "The view's page, as seen from where the API was asked.", type: "string", format: "uri" },
  },
};
