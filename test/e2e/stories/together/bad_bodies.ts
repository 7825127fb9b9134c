import { describe, expect, test } from "vitest";
import { theGateway, uniqueName } from "../../gateway/gateway.ts";
import { problemOf } from "../../client/problem.ts";

const json = { "content-type": "application/json" };
const path = "/_api/views";

describe("the API refuses", () => {
  test("a body that is not JSON", async () => {
    const gateway = await theGateway();
    problemOf(
      await gateway.api({ method: "POST", path, headers: json, body: "{" }),
      400,
      "not-json",
    );
    problemOf(
      await gateway.api({ method: "POST", path, headers: json, body: "" }),
      400,
      "not-json",
    );
  });

  test("a body that does not say that it is JSON", async () => {
    const gateway = await theGateway();
    const body = JSON.stringify({ name: uniqueName("form"), subsets: [] });
    const answer = await gateway.api({
      method: "POST",
      path,
      headers: { "content-type": "text/plain" },
      body,
    });
    problemOf(answer, 415, "not-json");
  });

  test("a body that is too large", async () => {
    const gateway = await theGateway();
    const body = JSON.stringify({
      name: uniqueName("large"),
      subsets: [],
      padding: "x".repeat(100_000),
    });
    problemOf(
      await gateway.api({ method: "POST", path, headers: json, body }),
      413,
      "body-too-large",
    );
  });

  test("unknown members and wrong types, and names each of them", async () => {
    const gateway = await theGateway();
    const answer = await gateway.post({
      name: "Not_A_Label",
      subsets: [{ bucket: "lake", access: "everything" }, { bucket: 7 }],
      idleSeconds: "soon",
      colour: "blue",
    });
    const { errors = [] } = problemOf(answer, 422, "invalid-view");
    const pointers = errors.map(({ pointer }) => pointer).sort();
    expect(pointers).toEqual([
      "/colour",
      "/idleSeconds",
      "/name",
      "/subsets/0/access",
      "/subsets/1/bucket",
    ]);
  });

  test("a body that is no object", async () => {
    const gateway = await theGateway();
    for (const body of [null, [], "view", 1]) {
      problemOf(await gateway.post(body), 422, "invalid-view");
    }
  });

  test("a name that a view has", async () => {
    const gateway = await theGateway();
    await using view = await gateway.create("twice");
    problemOf(
      await gateway.post({ name: view.name, subsets: [] }),
      409,
      "exists",
    );
  });

  test("a view that does not exist, a path that does not, and a method that it does not know", async () => {
    const gateway = await theGateway();
    const one = `${path}/${uniqueName("nobody")}`;
    problemOf(await gateway.api({ path: one }), 404, "unknown-view");
    problemOf(
      await gateway.api({ method: "DELETE", path: one }),
      404,
      "unknown-view",
    );
    problemOf(await gateway.api({ path: "/_api/nothing" }), 404, "not-found");
    const put = await gateway.api({
      method: "PUT",
      path,
      headers: json,
      body: "{}",
    });
    problemOf(put, 405, "method-not-allowed");
    expect(put.headers.allow).toContain("POST");
  });

  test("to be driven by a page of another origin, such as a view's", async () => {
    const gateway = await theGateway();
    const body = JSON.stringify({ name: uniqueName("stranger"), subsets: [] });
    const strangers: Record<string, string>[] = [
      { origin: `http://${gateway.hostOf("stranger")}` },
      { "sec-fetch-site": "same-site" },
    ];
    for (const headers of strangers) {
      problemOf(
        await gateway.api({
          method: "POST",
          path,
          headers: { ...json, ...headers },
          body,
        }),
        403,
        "cross-origin",
      );
    }
  });
});
