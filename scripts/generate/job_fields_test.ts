import { equal } from "node:assert/strict";
import { readJobFields } from "./job_fields.ts";

Deno.test("the fields of a Job have their types, as far as Kubernetes insists on them", () => {
  const fields = readJobFields();
  equal(fields.V1Job?.spec, "V1JobSpec");
  equal(fields.V1PodSpec?.containers, "Array<V1Container>");
  equal(fields.V1Container?.args, "Array<string>");
  equal(fields.V1HTTPGetAction?.port, "IntOrString");
  equal(fields.V1ObjectMeta?.labels, "texts");
  equal(fields.V1ObjectMeta?.creationTimestamp, "any", "a time is text too");
  equal(fields.V1ResourceRequirements?.limits, "map", "a quantity may be a number");
  equal(fields.V1EmptyDirVolumeSource?.sizeLimit, "any");
  equal(fields.V1Service, undefined, "nothing of a Job's");
});
