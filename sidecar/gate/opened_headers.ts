import type { Opening } from "../access/opening.ts";
import { EMAIL_HEADER, GROUPS_HEADER, IDENTITY_HEADERS, USER_HEADER, VIEW_HEADER } from "../envoy/names.ts";
import { headerOfText } from "../http/header_text.ts";

/** Envoy removes from the request the headers that this one names. */
const REMOVED_HEADERS = "x-envoy-auth-headers-to-remove";

/**
 * What the gate's answer tells Envoy to change in a request that may pass: the view gets the user, and neither the
 * gateway's cookies nor its tokens. `x-view` stays: Envoy may bring the request to the gate again, without its cookie.
 */
export function openedHeaders(opening: Opening & { readonly kind: "open" }, view: string): Readonly<
  Record<string, string>
> {
  const { identity, cookie, setCookie, withoutAuthorization } = opening;
  const set = {
    ...identity && identityHeaders(identity, view),
    ...cookie !== undefined && { cookie },
  };
  const removed = [
    ...["cookie", VIEW_HEADER, ...IDENTITY_HEADERS].filter((name) => !(name in set)),
    ...withoutAuthorization ? ["authorization"] : [],
  ];
  return {
    ...set,
    [REMOVED_HEADERS]: removed.join(","),
    ...setCookie !== undefined && { "set-cookie": setCookie },
  };
}

type Identity = NonNullable<(Opening & { readonly kind: "open" })["identity"]>;

function identityHeaders({ user, email = "", groups }: Identity, view: string): Readonly<Record<string, string>> {
  return {
    [VIEW_HEADER]: view,
    [USER_HEADER]: headerOfText(user),
    ...email !== "" && { [EMAIL_HEADER]: headerOfText(email) },
    ...groups.length > 0 && { [GROUPS_HEADER]: headerOfText(groups.join(",")) },
  };
}
