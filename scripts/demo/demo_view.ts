/** The view that the demo wakes first. */
export const DEMO_VIEW = "hello";
