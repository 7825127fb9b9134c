import { deepEqual, equal, ok } from "node:assert/strict";
import { createArguments, forwardArguments, kubeletDropIn } from "./k3d_arguments.ts";

const options = { image: "rancher/k3s:v1", owner: "me" };

Deno.test("a cluster gets a port of this machine that is free, and leaves the caller's kubeconfig alone", () => {
  const args = createArguments("mine", options);
  deepEqual(args.slice(0, 3), ["cluster", "create", "mine"]);
  for (
    const argument of [
      "--image=rancher/k3s:v1",
      "--api-port=127.0.0.1:random",
      "--kubeconfig-update-default=false",
      "--lb-config-override=settings.defaultProxyTimeout=86400",
      "--runtime-label=view.yolean.se/owner=me@server:*",
    ]
  ) ok(args.includes(argument), argument);
});

Deno.test("a file sets the kubelet's pause before restarts, because k3s has no flag for it", () => {
  const volumes = (args: readonly string[]) => args.filter((argument) => argument.startsWith("--volume"));
  deepEqual(volumes(createArguments("mine", options)), []);
  deepEqual(volumes(createArguments("mine", { ...options, kubeletFile: "/tmp/kubelet.conf" })), [
    "--volume=/tmp/kubelet.conf:/var/lib/rancher/k3s/agent/etc/kubelet.conf.d/10-view-gateway.conf@server:*",
  ]);
  const { kind, featureGates, crashLoopBackOff } = JSON.parse(kubeletDropIn("1s"));
  equal(kind, "KubeletConfiguration");
  deepEqual({ featureGates, crashLoopBackOff }, {
    featureGates: { KubeletCrashLoopBackOffMax: true },
    crashLoopBackOff: { maxContainerRestartPeriod: "1s" },
  });
});

Deno.test("a port of this machine leads to the node's port of one Service, not to a port that several have", () => {
  deepEqual(forwardArguments("mine", "127.0.0.1:8080", 31234), [
    ...["cluster", "edit", "mine", "--port-add", "127.0.0.1:8080:31234@loadbalancer"],
  ]);
});
