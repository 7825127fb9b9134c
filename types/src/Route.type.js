export default {
  title: "Route",
  description: "Where clients reach a view.",
  type: "object",
  additionalProperties: false,
  required: ["hostname", "url"],
  properties: {
    hostname: { description: "The view's name below the gateway's base host.", type: "string" },
    url: { description: "The view's URL, with the scheme and port of the API request.", type: "string", format: "uri" },
  },
};
