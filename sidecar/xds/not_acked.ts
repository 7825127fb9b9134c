import type { ResourceId } from "../proto/resource.ts";

/** Why the ACK of a resource does not come. */
export class NotAckedError extends Error {
  override readonly name = "NotAckedError";

  constructor(readonly resource: ResourceId, readonly reason: "not published" | "refused", message: string) {
    super(message);
  }
}

export function notPublished(resource: ResourceId): NotAckedError {
  return new NotAckedError(resource, "not published", `Cannot wait for ${kindOf(resource)}: it is not published`);
}

/** @param said Envoy's own words */
export function refused(resource: ResourceId, said: string): NotAckedError {
  return new NotAckedError(resource, "refused", `Envoy refuses ${kindOf(resource)}: ${said}`);
}

function kindOf({ type, name }: ResourceId): string {
  return `${type.slice(type.lastIndexOf(".") + 1)} "${name}"`;
}
