/**
 * kwok's Stages for nodes and pods. kwok's default Stages complete a Job's pod at once; with these, pods run until they are
 * deleted. Annotations of a pod change the delays:
 *
 * | annotation | meaning | default |
 * | --- | --- | --- |
 * | `kwok/running-after` | from scheduled to running, not ready | 50 ms |
 * | `kwok/ready-after` | from running to ready | 50 ms |
 * | `kwok/failed-after` | from its deletion to failed, with exit code 143 | 50 ms |
 * | `kwok/deleted-after` | from failed to deleted | 50 ms |
 * | `kwok/pod-ip` | its address; the gateway sends nothing to loopback addresses | of 10.0.0.0/8 |
 *
 * Durations are Go's, such as `1.5s` or `24h`.
 */
export function stages(): readonly object[] {
  return [nodeInitialize, nodeHeartbeat, podRunning, podReady, podFailed, podDeleted];
}

const delayOf = (annotation: string) => ({
  durationMilliseconds: 50,
  durationFrom: { expressionFrom: `.metadata.annotations["kwok/${annotation}"]` },
});

const exists = (key: string) => ({ key, operator: "Exists" });
const absent = (key: string) => ({ key, operator: "DoesNotExist" });
const one = (key: string, ...values: string[]) => ({ key, operator: "In", values });
const none = (key: string, ...values: string[]) => ({ key, operator: "NotIn", values });

function stage(name: string, kind: "Node" | "Pod", matchExpressions: readonly object[], rest: object): object {
  return {
    apiVersion: "kwok.x-k8s.io/v1alpha1",
    kind: "Stage",
    metadata: { name },
    spec: { resourceRef: { apiGroup: "v1", kind }, selector: { matchExpressions }, ...rest },
  };
}

const nodeConditions = `
{{ $now := Now }}
conditions:
{{ range NodeConditions }}
- type: {{ .type | Quote }}
  status: {{ .status | Quote }}
  reason: {{ .reason | Quote }}
  message: {{ .message | Quote }}
  lastHeartbeatTime: {{ $now | Quote }}
  lastTransitionTime: {{ or $.metadata.creationTimestamp $now | Quote }}
{{ end }}
`;

const isReady = '.status.conditions.[] | select( .type == "Ready" ) | .status';

const nodeInitialize = stage("node-initialize", "Node", [none(isReady, "True")], {
  next: {
    statusTemplate: `${nodeConditions}
addresses:
- {type: InternalIP, address: {{ NodeIP | Quote }}}
- {type: Hostname, address: {{ .metadata.name | Quote }}}
allocatable: {cpu: 1k, memory: 1Ti, ephemeral-storage: 1Ti, pods: 1M}
capacity: {cpu: 1k, memory: 1Ti, ephemeral-storage: 1Ti, pods: 1M}
phase: Running
`,
  },
});

const nodeHeartbeat = stage("node-heartbeat", "Node", [one(".status.phase", "Running"), one(isReady, "True")], {
  delay: { durationMilliseconds: 20_000, jitterDurationMilliseconds: 25_000 },
  next: { statusTemplate: nodeConditions },
  immediateNextStage: true,
});

const conditions = (ready: "True" | "False") => `
conditions:
- {type: PodScheduled, status: "True", lastTransitionTime: {{ $now | Quote }}}
- {type: Initialized, status: "True", lastTransitionTime: {{ $now | Quote }}}
- {type: ContainersReady, status: "${ready}", lastTransitionTime: {{ $now | Quote }}}
- {type: Ready, status: "${ready}", lastTransitionTime: {{ $now | Quote }}}
{{ range .spec.readinessGates }}
- {type: {{ .conditionType | Quote }}, status: "True", lastTransitionTime: {{ $now | Quote }}}
{{ end }}
`;

const runs = `started: true
  state: {running: {startedAt: {{ $now | Quote }}}}`;

const ended = (exitCode: number, reason: string) => {
  const times = "startedAt: {{ $now | Quote }}, finishedAt: {{ $now | Quote }}";
  return `started: false
  state: {terminated: {exitCode: ${exitCode}, reason: ${reason}, ${times}}}`;
};

/** An init container without a restart policy of its own has done its work; one with it is a sidecar and runs. */
const initialized = `{{ if eq ( or .restartPolicy "" ) "Always" }}${runs}{{ else }}${ended(0, "Completed")}{{ end }}`;

/** Of each container in a list of the pod's spec. */
const statuses = (containers: "containers" | "initContainers", ready: boolean, state: string) => `
{{ range .spec.${containers} }}
- name: {{ .name | Quote }}
  image: {{ .image | Quote }}
  imageID: ""
  restartCount: 0
  ready: ${ready}
  ${state}
{{ end }}
`;

const running = (ready: boolean) => `
{{ $now := Now }}
${conditions(ready ? "True" : "False")}
{{ if .spec.initContainers }}
initContainerStatuses:
${statuses("initContainers", true, initialized)}
{{ end }}
containerStatuses:
${statuses("containers", ready, runs)}
hostIP: {{ NodeIPWith .spec.nodeName | Quote }}
{{ $uid := or .metadata.uid "" }}
{{ $chosen := or ( index ( or .metadata.annotations dict ) "kwok/pod-ip" ) "" }}
{{ with or $chosen .status.podIP ( PodIPWith .spec.nodeName ( or .spec.hostNetwork false ) $uid .metadata.name .metadata.namespace ) }}
podIP: {{ . | Quote }}
podIPs: [{ip: {{ . | Quote }}}]
{{ end }}
phase: Running
startTime: {{ or .status.startTime $now | Quote }}
`;

const podRunning = stage("pod-running", "Pod", [
  absent(".metadata.deletionTimestamp"),
  exists(".spec.nodeName"),
  // A Pod without a phase of its own is Pending.
  none(".status.phase", "Running", "Succeeded", "Failed"),
], { delay: delayOf("running-after"), next: { statusTemplate: running(false) } });

const podReady = stage("pod-ready", "Pod", [
  absent(".metadata.deletionTimestamp"),
  one(".status.phase", "Running"),
  none(isReady, "True"),
], { delay: delayOf("ready-after"), next: { statusTemplate: running(true) } });

const podFailed = stage("pod-failed", "Pod", [
  exists(".metadata.deletionTimestamp"),
  none(".status.phase", "Succeeded", "Failed"),
], {
  delay: delayOf("failed-after"),
  next: {
    statusTemplate: `
{{ $now := Now }}
${conditions("False")}
containerStatuses:
${statuses("containers", false, ended(143, "Error"))}
phase: Failed
`,
  },
});

// kwok's default Stage also removes the finalizers, which the Job needs to count its pods.
const podDeleted = stage("pod-deleted", "Pod", [
  exists(".metadata.deletionTimestamp"),
  one(".status.phase", "Succeeded", "Failed"),
], { delay: delayOf("deleted-after"), next: { delete: true } });
