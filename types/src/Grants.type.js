export default {
  title: "Grants",
  description:
    "Which parts of the lake users may give their views: the key `grants.yaml` of the ConfigMap GRANTS_CONFIG_MAP.",
  type: "object",
  additionalProperties: false,
  required: ["grants"],
  properties: {
    grants: { type: "array", maxItems: 1000, items: { $ref: "#/definitions/Grant" } },
  },
};
