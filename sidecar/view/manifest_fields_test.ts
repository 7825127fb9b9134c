import { deepEqual, match } from "node:assert/strict";
import { parse } from "yaml";
import { fieldProblems } from "./manifest_fields.ts";

const problems = (yaml: string) => fieldProblems(parse(yaml));
const inContainer = (yaml: string) =>
  problems(`spec: {template: {spec: {containers: [{name: view, ${yaml}}]}}}`).map((problem) =>
    problem.replace("spec.template.spec.containers[0].", "")
  );

Deno.test("a misspelt field is reported with its path and the likely name", () => {
  deepEqual(problems("spec: {template: {spec: {contaniers: []}}}"), [
    "spec.template.spec.contaniers is no field of a Job: did you mean containers?",
  ]);
  deepEqual(problems("spec: {backofflimit: 0}"), [
    "spec.backofflimit is no field of a Job: did you mean backoffLimit?",
  ]);
  deepEqual(inContainer("resuorces: {}"), ["resuorces is no field of a Job: did you mean resources?"]);
  deepEqual(inContainer("readinessProbe: {httpget: {}}"), [
    "readinessProbe.httpget is no field of a Job: did you mean httpGet?",
  ]);
});

Deno.test("a name that resembles no field, or one that is present, is left to Kubernetes", () => {
  deepEqual(problems("spec: {ofTheFuture: 1, template: {spec: {hostnames: a, hostname: b}}}"), []);
  deepEqual(problems("status: {anything: [1]}"), []);
});

Deno.test("a value of the wrong type is reported, also text that YAML reads as another type", () => {
  deepEqual(problems("spec: {template: {spec: {containers: {name: view}}}}"), [
    "spec.template.spec.containers must be a list",
  ]);
  deepEqual(problems("spec: text"), ["spec must be a mapping"]);
  deepEqual(inContainer("ports: [~]"), ["ports[0] must not be empty"]);
  deepEqual(inContainer("env: [{name: PORT, value: 8080}]"), [
    'env[0].value must be text: write it in quotes, "8080"',
  ]);
  deepEqual(inContainer("args: [--verbose, true]"), ['args[1] must be text: write it in quotes, "true"']);
  deepEqual(inContainer('ports: [{containerPort: "8080"}]'), ["ports[0].containerPort must be a number"]);
  deepEqual(inContainer("stdin: yes"), ["stdin must be true or false"]);
  match(problems("metadata: {labels: {release: 1.10}}")[0]!, /^metadata\.labels\.release must be text/);
});

Deno.test("what Kubernetes accepts is accepted: quantities as numbers, names or numbers of ports, and null", () => {
  deepEqual(
    problems(`
      apiVersion: batch/v1
      kind: Job
      metadata: {creationTimestamp: null, labels: {a: b}}
      spec:
        backoffLimit: 0
        template:
          spec:
            volumes:
              - {name: tmp, emptyDir: {sizeLimit: 1000}}
              - {name: keys, secret: {secretName: keys, defaultMode: 0400}}
            containers:
              - name: view
                image: example.test/view:1
                resources: {requests: {cpu: 1, memory: 64Mi}, limits: {memory: 64000000}}
                env:
                  - {name: LIMIT, valueFrom: {resourceFieldRef: {resource: limits.memory, divisor: 1}}}
                readinessProbe: {httpGet: {path: /, port: http}, periodSeconds: 1}
                livenessProbe: {tcpSocket: {port: 8080}}
                lifecycle:
    `),
    [],
  );
});
