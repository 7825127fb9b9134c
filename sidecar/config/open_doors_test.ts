import { deepEqual } from "node:assert/strict";
import { openDoors } from "./open_doors.ts";

type Open = Parameters<typeof openDoors>[0];

const lakeRoleArn = "arn:aws:iam::123456789012:role/lake";

/** The variables whose value leaves something open. */
const opening = (config: Partial<Open>) =>
  openDoors({ authentication: "kubernetes", publicViews: false, grantsConfigMap: "grants", lakeRoleArn, ...config })
    .map((message) => message.split(" ")[0]);

Deno.test("each variable that leaves something open is logged", () => {
  deepEqual(opening({}), []);
  deepEqual(opening({ authentication: "none" }), ["AUTHENTICATION"]);
  deepEqual(opening({ publicViews: true }), ["PUBLIC_VIEWS"]);
  deepEqual(opening({ authentication: "none", publicViews: true }), ["AUTHENTICATION"]);
  deepEqual(opening({ grantsConfigMap: "" }), ["GRANTS_CONFIG_MAP"]);
  // Without a lake there is nothing to give.
  deepEqual(opening({ grantsConfigMap: "", lakeRoleArn: undefined }), []);
});
