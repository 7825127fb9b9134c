import { deepEqual, equal } from "node:assert/strict";
import { parseAllDocuments } from "yaml";
import { kwokConfiguration, kwokctlConfiguration } from "./kwok_configuration.ts";

const documentsOf = (text: string) => parseAllDocuments(text).map((document) => document.toJS());

Deno.test("kwok in a container plays pods as kwok from binaries does", () => {
  const kwok = documentsOf(kwokConfiguration());
  deepEqual(documentsOf(kwokctlConfiguration()).slice(0, kwok.length), kwok);
});

Deno.test("a control plane in a container makes as many calls as one from binaries", () => {
  const { kind, componentsPatches } = documentsOf(kwokctlConfiguration()).at(-1);
  equal(kind, "KwokctlConfiguration");
  const limits = [{ key: "kube-api-qps", value: "1000" }, { key: "kube-api-burst", value: "2000" }];
  for (const name of ["kube-controller-manager", "kube-scheduler"]) {
    deepEqual(componentsPatches.find((patch: { name: string }) => patch.name === name)?.extraArgs, limits);
  }
});
