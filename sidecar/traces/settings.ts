/** This folder has the sidecar's part in traces: what a request at the gate waited for, step by step. */
import type { Config } from "@view-gateway/types";
import type { TracesUpstream } from "../envoy/settings.ts";

/** The collector of traces; undefined where nothing is traced. */
export function tracesOf(
  { tracesEndpoint: endpoint, tracesCaFile: caFile, podName: instance }: Config,
): TracesUpstream | undefined {
  return endpoint === undefined ? undefined : { endpoint, caFile, instance };
}
