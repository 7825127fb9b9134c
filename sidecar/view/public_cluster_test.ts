import { deepEqual, equal } from "node:assert/strict";
import { publicCluster, viewOfCluster } from "./public_cluster.ts";
import { isViewName } from "./name.ts";

Deno.test("both clusters of a view lead back to it; another cluster leads to none", () => {
  deepEqual(["sales", publicCluster("sales"), "sidecar_http"].map(viewOfCluster), ["sales", "sales", undefined]);
});

Deno.test("the name of a public cluster is no view's", () => equal(isViewName(publicCluster("sales")), false));
