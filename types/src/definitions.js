import Config from "./Config.type.js";
import CreateView from "./CreateView.type.js";
import Grant from "./Grant.type.js";
import Grants from "./Grants.type.js";
import LakeBuckets from "./LakeBuckets.type.js";
import LakeFolder from "./LakeFolder.type.js";
import LakeListing from "./LakeListing.type.js";
import LakeQuery from "./LakeQuery.type.js";
import LastStart from "./LastStart.type.js";
import NoQuery from "./NoQuery.type.js";
import Phase from "./Phase.type.js";
import Problem from "./Problem.type.js";
import PutView from "./PutView.type.js";
import Route from "./Route.type.js";
import Subset from "./Subset.type.js";
import TemplateList from "./TemplateList.type.js";
import TemplateResource from "./TemplateResource.type.js";
import View from "./View.type.js";
import ViewList from "./ViewList.type.js";
import ViewPatch from "./ViewPatch.type.js";
import ViewResource from "./ViewResource.type.js";
import ViewsQuery from "./ViewsQuery.type.js";
import WakeQuery from "./WakeQuery.type.js";
import WatchQuery from "./WatchQuery.type.js";

/** All schemas as one JSON Schema document; each is `#/definitions/NAME`. */
export default {
  type: "object",
  additionalProperties: false,
  definitions: {
    Config,
    CreateView,
    Grant,
    Grants,
    LakeBuckets,
    LakeFolder,
    LakeListing,
    LakeQuery,
    LastStart,
    NoQuery,
    Phase,
    Problem,
    PutView,
    Route,
    Subset,
    TemplateList,
    TemplateResource,
    View,
    ViewList,
    ViewPatch,
    ViewResource,
    ViewsQuery,
    WakeQuery,
    WatchQuery,
  },
};
