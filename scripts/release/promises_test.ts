import { deepEqual, ok } from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { runCommand } from "../process/command.ts";
import { FORMER_RELEASE, lackOfRelease } from "./former_release.ts";
import { apiPromises, manifestPromises, metricPromises, variablePromises } from "./promises.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const lack = await lackOfRelease(FORMER_RELEASE);
if (lack !== undefined) console.error(`Does not compare this version with the last release. ${lack}`);

const git = (...args: string[]) => runCommand("git", ["-C", root, ...args]);
const former = (path: string) => git("show", `${FORMER_RELEASE.commit}:${path}`);
const now = (path: string) => Deno.readTextFile(`${root}/${path}`);

/** Compares what a file promises with what it promised; where it has another path now, with that. */
function keeps(what: string, promises: (text: string) => readonly string[], path: string, movedTo = path): void {
  Deno.test({ name: `this version keeps ${what} of the last release`, ignore: lack !== undefined }, async () => {
    const promised = promises(await former(path));
    const kept = new Set(promises(await now(movedTo)));
    ok(promised.length > 0);
    deepEqual(promised.filter((promise) => !kept.has(promise)), []);
  });
}

keeps("the API", (text) => apiPromises(JSON.parse(text)), "docs/openapi.json");
keeps("the variables", variablePromises, "docs/CONFIGURATION.md");
keeps("the metrics", metricPromises, "docs/OPERATIONS.md", "docs/METRICS.md");

Deno.test({ name: "this version keeps the manifests of the last release", ignore: lack !== undefined }, async () => {
  const { commit } = FORMER_RELEASE;
  const listed = (await git("ls-tree", "-r", "--name-only", commit, "gateway")).trim().split("\n");
  const folders = listed.flatMap((path) => /^(.*)\/kustomization\.yaml$/.exec(path)?.[1] ?? []);
  const files = listed.filter((path) => /^gateway\/(base|views)\/[^/]+\.yaml$/.test(path));
  for (const folder of folders) ok((await now(`${folder}/kustomization.yaml`)).length > 0, folder);
  const promised = (await Promise.all(files.map(former))).flatMap(manifestPromises);
  const paths = (await git("ls-files", "gateway/base", "gateway/views")).trim().split("\n");
  const there = paths.filter((path) => path.endsWith(".yaml"));
  const kept = new Set((await Promise.all(there.map(now))).flatMap(manifestPromises));
  deepEqual(promised.filter((promise) => !kept.has(promise)), []);
  ok(promised.includes("Deployment view-gateway has port http, 8080"));
});

Deno.test("what is taken away, and a member that becomes a duty, breaks a promise", () => {
  const api = (required: string[], properties: object) => ({
    paths: { "/views": { get: { responses: { 200: {} }, parameters: [{ name: "q", in: "query", required: false }] } } },
    components: { schemas: { CreateView: { properties: { ...properties }, required } } },
  });
  deepEqual(apiPromises(api(["name"], { name: {}, subsets: {} })), [
    "get /views answers 200",
    "get /views takes q in the query, or not",
    "CreateView has name",
    "CreateView has subsets",
    "CreateView needs no subsets",
  ]);
  ok(!apiPromises(api(["name", "subsets"], { name: {}, subsets: {} })).includes("CreateView needs no subsets"));
  deepEqual(variablePromises("| `A_B` | Some text. | `1` |\n| `CD` | Text | required |"), [
    "A_B is `1` by itself",
    "CD is required by itself",
  ]);
  deepEqual(metricPromises("| `view_gateway_a` | gauge | `x`: `b`, `c`; `y` | text |\n| other | gauge |"), [
    "view_gateway_a is a gauge",
    "view_gateway_a has x=b",
    "view_gateway_a has x=c",
  ]);
});
