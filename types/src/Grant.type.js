import { name } from "./name.js";

export default {
  title: "Grant",
  description: "The users and groups here may create views with these subsets, or with parts of them.",
  type: "object",
  additionalProperties: false,
  required: ["subsets"],
  properties: {
    users: {
      description: "Users, by the names that Kubernetes knows them by.",
      type: "array",
      maxItems: 1000,
      items: name(),
    },
    groups: {
      description: "Groups, by the names that Kubernetes knows them by.",
      type: "array",
      maxItems: 1000,
      items: name(),
    },
    everyone: { description: "Whether the grant is for every user who is signed in.", type: "boolean" },
    subsets: {
      description: "As in a view's spec. `readwrite` includes `read`.",
      type: "array",
      maxItems: 1000,
      items: { $ref: "#/definitions/Subset" },
    },
  },
};
