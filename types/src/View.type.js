import { name } from "./name.js";

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
      words: "must have only lowercase letters, digits and hyphens, and no hyphen at either end",
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
    access: {
      description: "Who may open and see the view, besides its owner and users with a right by RBAC.",
      type: "object",
      additionalProperties: false,
      properties: {
        users: {
          description: "Users, by the names that Kubernetes knows them by.",
          type: "array",
          maxItems: 100,
          items: name(),
        },
        groups: {
          // The view's pod gets groups in one header, with commas between them.
          description: "Groups, by the names that Kubernetes knows them by; without commas.",
          type: "array",
          maxItems: 100,
          items: name(","),
        },
        everyone: { description: "Whether every user who is signed in may open it.", type: "boolean" },
      },
    },
    public: {
      description:
        "Whether anybody may open the view without signing in. Only where the gateway's PUBLIC_VIEWS allows it.",
      type: "boolean",
    },
  },
};
