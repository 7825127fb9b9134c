import { deepEqual, equal, match } from "node:assert/strict";
import type { Problem } from "@view-gateway/types";
import { viewState } from "../view/testing/view_state.ts";
import type { CredentialExpiry } from "./api_options.ts";
import { startApiWith } from "./testing/views_api.ts";

const state = viewState(undefined, { spec: { subsets: [{ bucket: "lake", prefix: "sales/" }] } });

const anyLake: CredentialExpiry = { credentialsEndAt: () => Promise.resolve(Date.UTC(2026, 0, 1, 12)) };

const api = (lake?: CredentialExpiry) => startApiWith({ lake, bodyLimitBytes: 65536 }, state).api;

async function post(body: object, lake?: CredentialExpiry) {
  const headers = { "content-type": "application/json" };
  const response = await api(lake).request("/_api/views", { method: "POST", headers, body: JSON.stringify(body) });
  return { status: response.status, problem: await response.json() as Problem };
}

Deno.test("POST of a view whose policy would be too long is invalid, and the detail has the length", async () => {
  const subsets = Array.from({ length: 64 }, (_, i) => ({ bucket: "lake", prefix: `department-${i}/reports/` }));
  const { status, problem } = await post({ name: "wide", subsets }, anyLake);
  equal(status, 422);
  deepEqual(problem.errors?.map(({ pointer }) => pointer), ["/subsets"]);
  match(problem.detail, /policy of \d{4} characters, and STS accepts 2048/);
});

Deno.test("POST of a view with a subset that no policy can express is invalid, with a pointer", async () => {
  const { status, problem } = await post({ name: "odd", subsets: [{ bucket: "lake", prefix: "a/../b" }] }, anyLake);
  equal(status, 422);
  deepEqual(problem.errors?.map(({ pointer }) => pointer), ["/subsets/0/prefix"]);
});

Deno.test("without a lake, a view cannot have subsets", async () => {
  const { status, problem } = await post({ name: "dry", subsets: [{ bucket: "lake" }] });
  equal(status, 422);
  match(problem.detail, /no lake is configured/);
  equal((await post({ name: "dry", subsets: [] })).status, 201);
});

Deno.test("GET of a view shows its subsets and when its credentials expire", async () => {
  const resource = await (await api(anyLake).request("/_api/views/hello")).json();
  deepEqual(resource.subsets, state.spec?.subsets);
  equal(resource.credentialsEndAt, "2026-01-01T12:00:00.000Z");
  equal("credentialsEndAt" in await (await api().request("/_api/views/hello")).json(), false);
});
