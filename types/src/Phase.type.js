export default {
  title: "Phase",
  description: "The view's phase, derived from its Service, Job, pods and EndpointSlices.",
  type: "string",
  enum: ["asleep", "starting", "awake", "failed"],
};
