import { deepEqual, equal } from "node:assert/strict";
import type { Config } from "@view-gateway/types";
import type { Namespaces } from "../scripts/deploy/namespaces.ts";
import { TOKEN_AUDIENCE } from "../sidecar/access/authenticator.ts";
import { systemTime } from "../sidecar/async/time.ts";
import { faultProxy } from "../sidecar/kubernetes/testing/fault_proxy.ts";
import { clusterTest, type Namespace } from "../sidecar/kubernetes/testing/namespace.ts";
import { ResourceClient } from "../sidecar/kubernetes/resource_client.ts";
import { podsOf, type StoredPod } from "../sidecar/kubernetes/testing/pool.ts";
import { Transport } from "../sidecar/kubernetes/transport.ts";
import { PodWrites } from "../sidecar/kubernetes/write/pod_writes.ts";
import { SecretWrites } from "../sidecar/kubernetes/write/secret_writes.ts";
import { eventually } from "../sidecar/testing/eventually.ts";
import { Replica } from "../sidecar/testing/replica.ts";
import { ASSIGNED_ANNOTATION, CLAIMED_FROM_ANNOTATION } from "../sidecar/view/claim.ts";
import { viewSecret } from "./components/admission-policy/testing/view_objects.ts";
import { kubectl, tokenOf, withAccount } from "./testing/deployed_account.ts";
import { serviceAccountRights } from "./testing/service_account_rights.ts";

const POD = "view-gateway-1";

/** The shortest that leases of whole seconds allow. */
const BRIEF = { idleSeconds: 2, minIdleSeconds: 2, loadReportSeconds: 1 };

const RESOURCE = /^\/apis?\/(?:[a-z0-9.]+\/)?v1\/(?:namespaces\/([^/]+)\/)?([a-z]+)(?:\/([^/]+))?$/;
const WRITES: Readonly<Record<string, string>> = { POST: "create", PUT: "update", PATCH: "patch", DELETE: "delete" };

/** What RBAC is asked about a request: `NAMESPACE: VERB RESOURCE`; undefined for one that is about no resource. */
function asked(method: string, url: URL): string | undefined {
  const [, namespace, resource, name] = RESOURCE.exec(url.pathname) ?? [];
  if (resource === undefined) return undefined;
  const read = url.searchParams.get("watch") === "true" ? "watch" : name === undefined ? "list" : "get";
  return `${namespace ?? "cluster"}: ${WRITES[method] ?? read} ${resource}`;
}

interface JsonRequest {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

const json = (body: object): JsonRequest => ({
  headers: { "content-type": "application/json" },
  body: JSON.stringify(body),
});

const serviceOf = (name: string, spec: object) => ({
  metadata: {
    name,
    labels: { "view.yolean.se/name": name },
    annotations: { "view.yolean.se/spec": JSON.stringify(spec) },
  },
});

/** A gateway, asked by somebody who may do everything with its views. */
function client(replica: Replica, token: string) {
  const authorization = `Bearer ${token}`;
  return {
    api: (path: string, method?: string, { headers, ...more }: JsonRequest = {}) =>
      replica.api(path, method, { ...more, headers: { ...headers, authorization } }),
    open: async (view: string) => (await replica.check(view, { authorization })).status,
    /** As a person does, with the token. */
    signInAndOut: async () => {
      const headers = { "content-type": "application/x-www-form-urlencoded", origin: "http://localhost" };
      const signedIn = await replica.api("/_auth/token", "POST", { headers, body: `token=${token}` });
      equal(signedIn.status, 303, signedIn.body);
      const cookie = String(signedIn.headers["set-cookie"]).split(";")[0]!;
      const signedOut = await replica.api("/_auth/sign-out", "POST", { headers: { ...headers, cookie } });
      equal(signedOut.status, 303, signedOut.body);
    },
  };
}

/** Lets a gateway do all that it ever does in Kubernetes. */
async function live(
  { api, open, signInAndOut }: ReturnType<typeof client>,
  views: Namespace,
  done: (what: string) => boolean,
) {
  const created = await api("/_api/views", "POST", json({ name: "hello", subsets: [] }));
  equal(created.status, 201, created.body);
  // A lease is renewed where somebody asks near its end, and the Job of a spent one is deleted.
  equal(await open("hello"), 200);
  await eventually("a lease is renewed", async () => await open("hello") === 200 && done("patch jobs"), 60);
  await eventually("a spent Job is deleted", () => Promise.resolve(done("delete jobs")), 60);

  const headers = { "content-type": "application/merge-patch+json" };
  const changed = await api("/_api/views/hello", "PATCH", { headers, body: '{"idleSeconds": 3}' });
  equal(changed.status, 200, changed.body);
  equal((await api("/_api/views/hello", "DELETE")).status, 204);

  // The template `warm` has a pool.
  const poolPods = () => podsOf(views, "view.yolean.se/pool");
  await eventually("a pool's pod is ready", async () => (await poolPods()).some(isReady), 60);

  const warm = await api("/_api/views", "POST", json({ name: "claims", subsets: [], template: "warm" }));
  equal(warm.status, 201, warm.body);
  // The pod is none that could take its assignment.
  open("claims").catch(() => {});
  const isClaimed = async () =>
    (await podsOf(views)).some(({ metadata }) => metadata.annotations?.[CLAIMED_FROM_ANNOTATION]);
  await eventually("the view has claimed a pod", isClaimed, 30);

  // Who signs out is noted beside the session keys.
  await signInAndOut();

  // A Job of the view's name that is not the view's is read, and left alone.
  const containers = [{ name: "main", image: "example.test/theirs:1", ...RESTRICTED }];
  await views.call("POST", "apis/batch/v1/jobs", {
    metadata: { name: "taken" },
    spec: { suspend: true, template: { spec: { restartPolicy: "Never", containers } } },
  });
  await views.createService("taken", serviceOf("taken", { subsets: [] }));
  await eventually("the view is known", async () => (await api("/_api/views/taken")).status === 200);
  equal(await open("taken"), 503);

  // Why a view cannot start is an Event.
  await views.createService("lost", serviceOf("lost", { subsets: [], template: "none" }));
  await eventually("an Event says so", () => Promise.resolve(done("create events")), 30);
}

function isReady({ status }: StoredPod): boolean {
  return status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True") === true;
}

const RESTRICTED = {
  securityContext: {
    allowPrivilegeEscalation: false,
    runAsNonRoot: true,
    capabilities: { drop: ["ALL"] },
    seccompProfile: { type: "RuntimeDefault" },
  },
};

/** The credentials of views, which this test has no lake for. */
async function keepSecret(load: Namespace["load"], views: Namespace): Promise<void> {
  const { name: namespace, signal } = views;
  const name = "kept";
  const service = await views.createService(name);
  const transport = new Transport(load);
  try {
    const secrets = new SecretWrites(transport, namespace);
    const made = await secrets.create(viewSecret(name, service), signal);
    equal(made.kind, "written", JSON.stringify(made));
    const { metadata } = (await secrets.get(name, signal))!;
    equal((await secrets.replace(viewSecret(name, service), metadata, signal)).kind, "written");
    await secrets.delete(name, metadata.uid!, signal);
  } finally {
    transport.close();
  }
}

/** A view's pod, which this test has no kubelet for: it is annotated, and read as after a claim whose answer is lost. */
async function notePod(load: Namespace["load"], { name: namespace, call, signal }: Namespace): Promise<void> {
  const containers = [{ name: "main", image: "example.test/hers:1", ...RESTRICTED }];
  const { metadata } = await call("POST", "api/v1/pods", {
    metadata: { name: "hers", labels: { "view.yolean.se/name": "hers" } },
    spec: { containers },
  });
  const transport = new Transport(load);
  try {
    const writes = new PodWrites(transport, namespace, systemTime);
    const noted = await writes.annotate({ name: "hers", uid: metadata.uid }, { assigned: "a" }, signal);
    equal(noted.kind, "patched", JSON.stringify(noted));
    const pods = new ResourceClient(transport, { api: "/api/v1", plural: "pods", namespace });
    equal((await pods.get("hers", signal))?.metadata.annotations?.[ASSIGNED_ANNOTATION], "a");
  } finally {
    transport.close();
  }
}

clusterTest(
  "a gateway with the rights of its service account is refused nothing, and uses each of them",
  async (views) => {
    await withAccount(views, async ({ namespaces, user, load }) => {
      const used = new Set<string>();
      const refused: string[] = [];
      await using proxy = await faultProxy(load(), async (url, forward, method) => {
        const answer = await forward(url);
        const what = asked(method, url);
        if (what !== undefined) answer.status === 403 ? refused.push(what) : used.add(what);
        return answer;
      });
      const config: Partial<Config> = {
        ...BRIEF,
        authentication: "kubernetes",
        podName: POD,
        podNamespace: namespaces.gateway,
      };
      {
        await using replica = await Replica.start(views, { load: proxy.load, config });
        await live(
          client(replica, await tokenOf("demo", views.name, TOKEN_AUDIENCE)),
          views,
          (what) => used.has(`${views.name}: ${what}`),
        );
        await keepSecret(proxy.load, views);
        await notePod(proxy.load, views);
      }
      deepEqual(refused, []);
      deepEqual(await unusedOf(user, namespaces, used), []);
    });
  },
);

/** The rights that nothing has used. */
async function unusedOf(user: string, namespaces: Namespaces, used: ReadonlySet<string>): Promise<readonly string[]> {
  const all = await Promise.all(
    Object.values(namespaces).map(async (namespace: string) => {
      const rights = Object.entries(await serviceAccountRights(user, namespace, kubectl));
      return rights.flatMap(([key, verbs]) => {
        const resource = key.split("/")[0]!;
        const place = resource === "tokenreviews" ? "cluster" : namespace;
        return verbs.map((verb) => `${place}: ${verb} ${resource}`);
      });
    }),
  );
  return Array.from(new Set(all.flat())).filter((right) => !used.has(right)).sort();
}
