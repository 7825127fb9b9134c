import { rejects } from "node:assert/strict";
import { KubernetesError } from "../sidecar/kubernetes/kubernetes_error.ts";
import { clusterTest } from "../sidecar/kubernetes/testing/namespace.ts";
import { Transport } from "../sidecar/kubernetes/transport.ts";
import { withAccount } from "./testing/deployed_account.ts";

const JSON_BODY = { "content-type": "application/json" };

/** What somebody tries who has stolen the token of the gateway. */
const FORBIDDEN: readonly (readonly [who: string, method: string, path: string, body?: object])[] = [
  ["reads all Secrets of views", "GET", "/api/v1/namespaces/VIEWS/secrets"],
  ["reads the gateway's AWS keys", "GET", "/api/v1/namespaces/GATEWAY/secrets/view-gateway-aws"],
  ["reads all Secrets of the gateway", "GET", "/api/v1/namespaces/GATEWAY/secrets"],
  ["reads Secrets elsewhere", "GET", "/api/v1/namespaces/kube-system/secrets"],
  ["deletes the gateway's Service", "DELETE", "/api/v1/namespaces/GATEWAY/services/view-gateway"],
  ["deletes the gateway's Deployment", "DELETE", "/apis/apps/v1/namespaces/GATEWAY/deployments/view-gateway"],
  ["deletes the gateway's configuration", "DELETE", "/api/v1/namespaces/GATEWAY/configmaps/view-gateway"],
  ["runs a Job beside the gateway", "POST", "/apis/batch/v1/namespaces/GATEWAY/jobs", {}],
  ["runs a Job elsewhere", "POST", "/apis/batch/v1/namespaces/default/jobs", {}],
  ["runs a pod among the views", "POST", "/api/v1/namespaces/VIEWS/pods", {}],
  ["gets into a view's pod", "POST", "/api/v1/namespaces/VIEWS/pods/hello/exec", {}],
  ["makes a pod of a view another", "PUT", "/api/v1/namespaces/VIEWS/pods/hello", {}],
  ["ends a view's pod", "DELETE", "/api/v1/namespaces/VIEWS/pods/hello"],
  ["claims a pod elsewhere", "PATCH", "/api/v1/namespaces/default/pods/hello", {}],
  ["changes a pod of the gateway", "PATCH", "/api/v1/namespaces/GATEWAY/pods/view-gateway", {}],
  ["reads a view's log", "GET", "/api/v1/namespaces/VIEWS/pods/hello/log"],
  ["makes itself a token", "POST", "/api/v1/namespaces/GATEWAY/serviceaccounts/view-gateway/token", {}],
  ["makes itself the demo's token", "POST", "/api/v1/namespaces/VIEWS/serviceaccounts/demo/token", {}],
  ["changes the workload templates", "PUT", "/api/v1/namespaces/VIEWS/configmaps/view-gateway-templates", {}],
  ["reads other ConfigMaps", "GET", "/api/v1/namespaces/VIEWS/configmaps"],
  ["gives itself rights", "POST", "/apis/rbac.authorization.k8s.io/v1/namespaces/VIEWS/rolebindings", {}],
  ["takes the bounds away", "DELETE", "/api/v1/namespaces/VIEWS/resourcequotas/view-gateway"],
  ["sees the services of others", "GET", "/api/v1/services"],
  ["sees the nodes", "GET", "/api/v1/nodes"],
  ["sees the namespaces", "GET", "/api/v1/namespaces"],
  ["takes Pod Security off the views", "DELETE", "/api/v1/namespaces/VIEWS"],
];

clusterTest("what a thief of the gateway's token cannot do", async (views) => {
  await withAccount(views, async ({ namespaces, load }) => {
    const transport = new Transport(load);
    try {
      for (const [who, method, path, body] of FORBIDDEN) {
        const place = path.replace("VIEWS", namespaces.views).replace("GATEWAY", namespaces.gateway);
        const request = { method, path: place, ...body && { headers: JSON_BODY, body: JSON.stringify(body) } };
        await rejects(
          transport.call(request, views.signal),
          (error) => error instanceof KubernetesError && error.status === 403 && /cannot/.test(error.message),
          who,
        );
      }
    } finally {
      transport.close();
    }
  });
});
