/** The objects that the gateway makes for a view, by the sidecar's own functions; and others, which are not the gateway's. */
import { fileURLToPath } from "node:url";
import { defaultTemplate } from "../../../../scripts/deploy/kustomize.ts";
import type { Namespace } from "../../../../sidecar/kubernetes/testing/namespace.ts";
import { secretOf } from "../../../../sidecar/lake/secret.ts";
import { SessionCredentials } from "../../../../sidecar/lake/session_credentials.ts";
import { jobOf } from "../../../../sidecar/view/job.ts";
import { configFile } from "../../../../sidecar/view/pod_lake.ts";
import { serviceOf } from "../../../../sidecar/view/service.ts";
import { jobIn } from "../../../../sidecar/view/testing/job_in.ts";

export type JobOfView = ReturnType<typeof jobOf>;
export type SecretOfView = ReturnType<typeof secretOf>;
export type ServiceOfView = ReturnType<typeof serviceOf>;

const examples = fileURLToPath(new URL("../../../../example/templates", import.meta.url));

/** The gateway's default workload template, and the example's. */
export const templateTexts = [
  { name: "default", text: await defaultTemplate() },
  { name: "browser", text: await Deno.readTextFile(`${examples}/browser.yaml`) },
  { name: "duckdb", text: await Deno.readTextFile(`${examples}/duckdb.yaml`) },
] as const;

/** As pods reach it. */
export const lakeOfPods = { endpoint: "http://s3.example.test", region: "eu-north-1", pathStyle: true };

export interface Made {
  readonly name?: string;
  readonly serviceUid?: string;
  /** The workload template's text. */
  readonly template?: string;
  /** Whether the template asks for the keys as variables. */
  readonly keys?: boolean;
}

/** The Job of a view with a subset. */
export function viewJob(
  { name = "hello", serviceUid = crypto.randomUUID(), template, keys = false }: Made = {},
): JobOfView {
  const job = jobIn(template ?? templateTexts[0].text);
  if (keys) job.spec!.template.metadata!.annotations!["view.yolean.se/aws-keys-in-environment"] = "true";
  const spec = { subsets: [{ bucket: "lake", prefix: "sales/" }] };
  return structuredClone(
    jobOf(job, { name, serviceUid, spec, required: {}, terms: { idle: 60, lifetime: 3600 }, lake: lakeOfPods }),
  );
}

/** A view's Secret with credentials. */
export function viewSecret(name = "hello", uid: string = crypto.randomUUID()): SecretOfView {
  const keys = { accessKeyId: "AKIA", secretAccessKey: "hush", sessionToken: "token" };
  const credentials = new SessionCredentials(keys, 0, 900_000);
  return secretOf({ name, uid, required: {} }, { credentials, madeFor: "it" }, configFile(lakeOfPods));
}

export function viewService(name = "hello"): ServiceOfView {
  return serviceOf({ name, spec: { subsets: [] }, owner: "alice" }, {});
}

export function viewEvent(namespace: string): object {
  const involvedObject = { apiVersion: "v1", kind: "Service", namespace, name: "hello" };
  return {
    metadata: { generateName: "hello." },
    involvedObject,
    reportingComponent: "view-gateway",
    reason: "A",
    type: "Warning",
  };
}

/** What stands in the views' namespace: a view's objects and others, as the API server has stored them. */
export interface Standing {
  readonly job: JobOfView;
  readonly service: ServiceOfView;
  readonly foreignJob: JobOfView;
  readonly foreignSecret: SecretOfView;
  readonly foreignService: ServiceOfView;
}

/** Makes them as an administrator. Those of the view are named `standing`, the others `theirs`. */
export async function standingObjects({ call }: Namespace): Promise<Standing> {
  const make = async <T extends object>(plural: string, object: T): Promise<T> => {
    const made = await call("POST", plural, object);
    const { resourceVersion: _, ...metadata } = made.metadata;
    return { ...made, metadata } as unknown as T;
  };
  const suspended = (job: JobOfView): JobOfView => ({ ...job, spec: { ...job.spec!, suspend: true } });
  const theirs = { metadata: { name: "theirs" } };
  const service = await make("api/v1/services", viewService("standing"));
  const serviceUid = service.metadata!.uid!;
  const { metadata: _, ...nobodys } = viewJob({ name: "theirs" });
  const resources = { requests: { storage: "1Gi" } };
  await make("api/v1/configmaps", theirs);
  await make("api/v1/configmaps", { metadata: { name: "part-of-hello", labels: { "view.yolean.se/name": "hello" } } });
  await make("api/v1/persistentvolumeclaims", { ...theirs, spec: { accessModes: ["ReadWriteOnce"], resources } });
  return {
    service,
    job: await make("apis/batch/v1/jobs", suspended(viewJob({ name: "standing", serviceUid }))),
    foreignJob: await make(
      "apis/batch/v1/jobs",
      suspended({ ...nobodys, metadata: { name: "theirs", labels: { color: "blue" } } }),
    ),
    foreignSecret: await make<SecretOfView>("api/v1/secrets", { ...theirs, type: "Opaque" }),
    foreignService: await make<ServiceOfView>("api/v1/services", {
      ...theirs,
      spec: { clusterIP: "None", ports: [{ port: 80 }] },
    }),
  };
}
