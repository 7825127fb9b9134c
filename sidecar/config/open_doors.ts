import type { Config } from "@view-gateway/types";

/** What this configuration leaves open, for the log. */
export function openDoors(
  { authentication, publicViews, grantsConfigMap, lakeRoleArn }:
    & Pick<Config, "authentication" | "publicViews" | "grantsConfigMap">
    & { readonly lakeRoleArn?: string | undefined },
): readonly string[] {
  return [
    ...authentication === "none"
      ? ["AUTHENTICATION is none: whoever reaches this gateway may create, open, change and delete all views."]
      : [],
    ...publicViews && authentication !== "none"
      ? ["PUBLIC_VIEWS is true: who may change a view may open it to everybody, without signing in."]
      : [],
    ...grantsConfigMap === "" && lakeRoleArn !== undefined
      ? ["GRANTS_CONFIG_MAP is empty: who may create a view may give it all that LAKE_ROLE_ARN may read and write."]
      : [],
  ];
}
