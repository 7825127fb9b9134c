import type { CoreV1Event } from "@kubernetes/client-node";
import { core } from "./cluster.ts";

/** What has happened to an object, as its Events tell it. */
export async function eventsOf(namespace: string, kind: string, name: string): Promise<readonly CoreV1Event[]> {
  const fieldSelector = `involvedObject.kind=${kind},involvedObject.name=${name}`;
  return (await core.listNamespacedEvent({ namespace, fieldSelector })).items;
}
