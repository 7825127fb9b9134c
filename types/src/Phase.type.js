export default {
  title: "Phase",
  description: "What a view is doing, derived from the Service, its Job, pods and EndpointSlices.",
  type: "string",
  enum: ["asleep", "starting", "awake", "failed"],
};
