export type * from "./gen/types.ts";
export { type Invalid, validate } from "./validate.ts";
export { default as schemas } from "./src/definitions.js";
