export default {
  title: "Grants",
  description:
    "Who may create views of which parts of the lake: the key `grants.yaml` of the ConfigMap GRANTS_CONFIG_MAP.",
  type: "object",
  additionalProperties: false,
  required: ["grants"],
  properties: {
    grants: { type: "array", maxItems: 1000, items: { $ref: "#/definitions/Grant" } },
  },
};
