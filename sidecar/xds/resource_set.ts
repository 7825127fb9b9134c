import { Map } from "immutable";
import type { Resource, ResourceId } from "../proto/resource.ts";

/** All resources of one type, by name. */
export type Resources = Map<string, Resource>;

/** All resources, by type URL. It is immutable; the cost of a new set depends on what differs. */
export type ResourceSet = Map<string, Resources>;

export interface Change {
  readonly set: readonly Resource[];
  readonly removed: readonly ResourceId[];
}

const NO_RESOURCES: Resources = Map();
export const EMPTY_SET: ResourceSet = Map();

export function resourcesOf(set: ResourceSet, type: string): Resources {
  return set.get(type, NO_RESOURCES);
}

/** The set after a change, and which resources differ. Equal content and a second removal make no difference. */
export function apply(set: ResourceSet, change: Change): { readonly set: ResourceSet; readonly changed: ResourceId[] } {
  const changed: ResourceId[] = [];
  const after = set.withMutations((set) => {
    for (const resource of change.set) {
      const { type, name, version } = resource;
      if (set.get(type)?.get(name)?.version === version) continue;
      set.setIn([type, name], resource);
      changed.push({ type, name });
    }
    for (const { type, name } of change.removed) {
      if (!set.get(type)?.has(name)) continue;
      set.deleteIn([type, name]);
      changed.push({ type, name });
    }
  });
  return { set: after, changed };
}
