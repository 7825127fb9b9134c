import { stringify } from "yaml";
import { serviceOf } from "../../view/service.ts";
import type { ApiOptions } from "../api_options.ts";

/** The Service that the API makes of a view, as YAML for `kubectl apply`. */
export function viewManifest(
  view: Parameters<typeof serviceOf>[0],
  { required }: Pick<ApiOptions, "required">,
): string {
  // A folded spec would still be the same, but nobody could read or search it.
  return stringify(serviceOf(view, required), { lineWidth: 0 });
}
