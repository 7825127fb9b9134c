import { deepEqual, equal, match } from "node:assert/strict";
import { clusterTest } from "../kubernetes/testing/namespace.ts";
import { sendRequest } from "../envoy/testing/http_client.ts";
import { Replica } from "../testing/replica.ts";

const BROWSER = { accept: "text/html", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document" };

clusterTest("the gateway's own answers are alike, also through Envoy", async (namespace) => {
  await namespace.createService("hello", {
    metadata: {
      name: "hello",
      labels: { "view.yolean.se/name": "hello" },
      annotations: { "view.yolean.se/spec": '{"subsets":[]}' },
    },
  });
  await using replica = await Replica.start(namespace);
  const port = await replica.envoy!.port("public");
  const base = (path: string, method = "GET", headers = {}) =>
    sendRequest({ host: "localhost", port, path, method, headers });

  for (const path of ["/", "/_api/views", "/_api/views/hello", "/_api/views/nope", "/views"]) {
    const [get, head] = [await base(path), await base(path, "HEAD")];
    equal(head.status, get.status, path);
    for (const name of ["content-type", "content-length", "cache-control", "x-content-type-options"]) {
      equal(head.headers[name], get.headers[name], `${name} of ${path}`);
    }
    equal(Number(get.headers["content-length"]), new TextEncoder().encode(get.body).length, path);
    deepEqual([get.headers["cache-control"], get.headers["x-content-type-options"]], ["no-store", "nosniff"], path);
    equal(head.body, "");
  }

  const progress = await sendRequest({ host: "hello.localhost", port, path: "/_gate/progress", method: "HEAD" });
  deepEqual([progress.status, progress.headers["content-type"]], [200, "text/event-stream; charset=utf-8"]);
  equal(progress.headers["content-length"], undefined);

  const page = await base("/views", "GET", BROWSER);
  deepEqual([page.status, page.headers["content-type"]], [404, "text/html; charset=utf-8"]);
  match(page.body, /There is nothing at \/views\. The views are at \/, and the API is at \/_api\/views\./);

  const put = await base("/", "PUT");
  deepEqual([put.status, put.headers.allow], [405, "GET, HEAD"]);
  match(put.body, /PUT is not possible here\. Use GET or HEAD\./);
});
