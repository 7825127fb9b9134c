import View from "./View.type.js";

export default {
  title: "ViewResource",
  description: "A view in the API's responses. The members of the spec are missing where the annotation is invalid.",
  type: "object",
  additionalProperties: false,
  required: ["name", "route", "phase", "createdAt"],
  properties: {
    name: { description: "The view's name.", type: "string" },
    ...View.properties,
    owner: {
      description: "The user who created the view through the API; missing if unknown.",
      type: "string",
    },
    route: { $ref: "#/definitions/Route" },
    phase: { $ref: "#/definitions/Phase" },
    start: {
      description:
        "How a view has started that is starting or awake: `warm` with a pod of a warm pool, or `cold` with a new pod. Missing where that is not known yet.",
      enum: ["warm", "cold"],
    },
    lastStart: { $ref: "#/definitions/LastStart" },
    cause: {
      description: "Why the view has failed, in Kubernetes' words where Kubernetes gives a reason.",
      type: "object",
      additionalProperties: false,
      required: ["reason", "message"],
      properties: {
        reason: {
          description: "The reason in one word, such as `ErrImagePull`, `OOMKilled` or `InvalidSpec`.",
          type: "string",
        },
        message: { description: "The cause in a sentence or more.", type: "string" },
      },
    },
    logLines: {
      description:
        "The last lines in the log of the container that failed. Only users who may change the view get them. Lists do not have them.",
      type: "array",
      items: { type: "string" },
    },
    restartNeeded: {
      description:
        "What changed in the spec or in the template since the pod started. The pod gets it by `POST …/restart`. Missing where nothing changed.",
      type: "array",
      uniqueItems: true,
      items: { enum: ["subsets", "template"] },
    },
    effective: {
      description:
        "The times in force: those of the spec, or the gateway's defaults. A view whose lifetime is shorter than its idle time has the former as both. Missing where the annotation is invalid.",
      type: "object",
      additionalProperties: false,
      required: ["idleSeconds", "maxLifetimeSeconds"],
      properties: {
        idleSeconds: { description: "Seconds without traffic after which the view falls asleep.", type: "integer" },
        maxLifetimeSeconds: { description: "Seconds after which its Job ends, even with traffic.", type: "integer" },
      },
    },
    sleepsAt: {
      description:
        "When a view that is starting or awake falls asleep if it has no more traffic. Traffic renews this time once half of it is over. Missing until Kubernetes has started the Job.",
      type: "string",
      format: "date-time",
    },
    lastRequestAt: {
      description:
        "When the view last had a request, as far as the gateway that answers knows. The view may have had later ones at another gateway. Missing where this gateway knows of none.",
      type: "string",
      format: "date-time",
    },
    createdAt: { description: "When the view's Service was created.", type: "string", format: "date-time" },
    credentialsEndAt: {
      description: "When the view's S3 credentials expire; missing where it has none. Lists do not have it.",
      type: "string",
      format: "date-time",
    },
  },
};
