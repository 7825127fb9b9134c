export default {
  title: "LastStart",
  description: "How a view last started, as the gateway that answers has seen it.",
  type: "object",
  additionalProperties: false,
  required: ["at", "outcome", "steps"],
  properties: {
    at: { description: "When the start's Job was created.", type: "string", format: "date-time" },
    start: {
      description:
        "`warm` with a pod of a warm pool, or `cold` with a new pod. Missing where that was not known when the start ended.",
      enum: ["warm", "cold"],
    },
    outcome: {
      description: "The start is `under way`, it has `failed`, or the view is `awake` or was so.",
      enum: ["under way", "awake", "failed"],
    },
    steps: {
      description:
        "What the start did, in order. A start that is under way still does the last step. A start that has failed did so in the last step.",
      type: "array",
      items: {
        type: "object",
        additionalProperties: false,
        required: ["step", "seconds"],
        properties: {
          step: {
            description:
              "What the view waited for: its pod, its assignment to a claimed pod, a node, its containers, its readiness, or at last Envoy (`connecting`).",
            enum: ["no pod", "assigning", "scheduling", "creating container", "waiting for readiness", "connecting"],
          },
          seconds: {
            description:
              "How long the step has taken. It has milliseconds if the gateway saw the step; otherwise these are whole seconds, as in Kubernetes' timestamps.",
            type: "number",
            minimum: 0,
          },
        },
      },
    },
  },
};
