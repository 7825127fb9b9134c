import View from "./View.type.js";

export default {
  title: "ViewResource",
  description: "A view as the API answers it. The members of the spec are missing where the annotation is invalid.",
  type: "object",
  additionalProperties: false,
  required: ["name", "route", "phase", "createdAt"],
  properties: {
    name: { type: "string" },
    ...View.properties,
    route: { $ref: "#/definitions/Route" },
    phase: { $ref: "#/definitions/Phase" },
    cause: {
      description: "Why the view has failed, in Kubernetes' own words where it is Kubernetes that knows.",
      type: "object",
      additionalProperties: false,
      required: ["reason", "message"],
      properties: {
        reason: { description: "One word, such as `ErrImagePull`, `OOMKilled` or `InvalidSpec`.", type: "string" },
        message: { type: "string" },
      },
    },
    restartNeeded: {
      description:
        "What the pod that runs now has from a former spec, or from a former text of its template, until `POST …/restart`; missing where there is nothing.",
      type: "array",
      uniqueItems: true,
      items: { enum: ["subsets", "template"] },
    },
    createdAt: { type: "string", format: "date-time" },
    credentialsEndAt: {
      description:
        "When the view's present S3 credentials end; missing where it has none. Only where one view is asked for.",
      type: "string",
      format: "date-time",
    },
  },
};
