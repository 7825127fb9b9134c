import CreateView from "./CreateView.type.js";
import View from "./View.type.js";

export default {
  title: "PutView",
  description: "Body of `PUT /_api/views/NAME`: the whole spec. A `name` has to be that of the path.",
  type: "object",
  additionalProperties: false,
  required: View.required,
  properties: CreateView.properties,
};
