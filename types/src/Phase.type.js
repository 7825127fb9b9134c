export default {
  title: "Phase",
  description: "The view's phase, derived from its Service, Job and pods.",
  type: "string",
  enum: ["asleep", "starting", "awake", "failed"],
};
