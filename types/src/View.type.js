export default {
  title: "View",
  description: "A view's spec: the JSON in the annotation `view.yolean.se/spec` of its Service.",
  type: "object",
  additionalProperties: false,
  required: ["subsets"],
  properties: {
    subsets: {
      description: "The subsets that the view may use; may be empty.",
      type: "array",
      maxItems: 64,
      items: { $ref: "#/definitions/Subset" },
    },
    template: {
      description: "Name of the workload template for its Job. Default: the gateway's default template.",
      type: "string",
      maxLength: 63,
      pattern: "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$",
    },
    idleSeconds: {
      description:
        "Seconds without traffic after which the view falls asleep: from MIN_IDLE_SECONDS to MAX_IDLE_SECONDS of the gateway. Default: its IDLE_SECONDS.",
      type: "integer",
    },
    maxLifetimeSeconds: {
      description:
        "Seconds after which the view's Job ends, even with traffic: from MIN_IDLE_SECONDS to MAX_LIFETIME_SECONDS of the gateway. Default: the latter.",
      type: "integer",
    },
  },
};
