export type * from "./gen/types.ts";
export { jobFields } from "./gen/job_fields.ts";
export { type Invalid, validate } from "./validate.ts";
export { default as schemas } from "./src/definitions.js";
export { closestWord } from "./closest_word.ts";
export { unknownWord } from "./words.ts";
