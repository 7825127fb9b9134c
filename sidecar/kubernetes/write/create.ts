import type { Transport } from "../transport.ts";

/** What Kubernetes tells of an object that it has just created. */
export interface CreatedObject {
  readonly metadata: { readonly name: string; readonly uid: string; readonly creationTimestamp: string };
}

/**
 * Creates an object in a collection. It goes over as it is, not through client-node's model of it: that drops every
 * field it does not know, where Kubernetes names each one that is wrong.
 * @param path the collection's
 * @throws KubernetesError, or the signal's reason
 */
export async function create(
  transport: Transport,
  path: string,
  object: object,
  signal: AbortSignal,
): Promise<CreatedObject> {
  const answer = await transport.call({
    method: "POST",
    path: `${path}?fieldManager=view-gateway&fieldValidation=Strict`,
    headers: { "content-type": "application/json" },
    body: JSON.stringify(object),
  }, signal);
  return JSON.parse(answer.text);
}
