import type { Config } from "@view-gateway/types";

/** What this configuration leaves open, for the log. */
export function openDoors(
  { authentication, publicViews, grantsConfigMap, lakeRoleArn }:
    & Pick<Config, "authentication" | "publicViews" | "grantsConfigMap">
    & { readonly lakeRoleArn?: string | undefined },
): readonly string[] {
  return [
    ...authentication === "none"
      ? ["AUTHENTICATION is none: everybody who reaches this gateway may create, open, change and delete all views."]
      : [],
    ...publicViews && authentication !== "none"
      ? ["PUBLIC_VIEWS is true: a user who may change a view can open it to everybody, without a sign-in."]
      : [],
    ...grantsConfigMap === "" && lakeRoleArn !== undefined
      ? [
        "GRANTS_CONFIG_MAP is empty: a user who may create views can give them all data that LAKE_ROLE_ARN may read and write.",
      ]
      : [],
  ];
}
