export default {
  title: "WakeQuery",
  description: "The query parameters of `POST /_api/views/NAME/wake` and `POST /_api/views/NAME/restart`.",
  type: "object",
  additionalProperties: false,
  required: ["wait"],
  properties: {
    wait: {
      description: "Seconds that the answer waits for the view to be awake.",
      type: "integer",
      words: "must be a whole number of seconds from 0 to 300",
      minimum: 0,
      maximum: 300,
      default: 0,
    },
  },
};
